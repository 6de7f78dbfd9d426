"""Makes story.pdf, arabic.pdf and story.docx: pages printed by Chromium, and a document with all that a reader must not see.

.venv/bin/python -m tests.documents.make
"""

import subprocess
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import docx
from docx.oxml import OxmlElement
from docx.shared import Pt
from docx.text.paragraph import Paragraph

HERE = Path(__file__).parent

PAGE = """\
<!DOCTYPE html>
<html lang="kk">
<head>
<meta charset="utf-8">
<title>Сарысу өзенінің бойында жаңа кітапхана ашылды</title>
<meta name="author" content="Айгерім Серікқызы">
<style>
@page {
  size: A5; margin: 22mm 16mm;
  @top-center { content: "Дала жаршысы · 2026 жылғы 14 наурыз"; font: 8pt "Liberation Sans"; }
  @bottom-center { content: counter(page) " / " counter(pages); font: 8pt "Liberation Sans"; }
}
body { font: 11pt/1.35 "Liberation Serif"; }
h1 { font: bold 17pt/1.2 "Liberation Sans"; margin: 0 0 10pt; }
h2 { font: bold 12pt "Liberation Sans"; margin: 12pt 0 6pt; }
p { margin: 0 0 7pt; text-align: justify; hyphens: manual; }
</style>
</head>
<body>
<h1>Сарысу өзенінің бойында жаңа кітапхана ашылды</h1>
<p>Сарысу өзенінің бойындағы Ақбұлақ ауылында бейсенбі күні жаңа кітапхана есігін айқара ашты. Ғимарат екі жылда салынып, оған 184 миллион теңге жұмсалды. Ауыл тұрғындары бұл күнді он бес жыл күткен.</p>
<p>Кітап&shy;хана&shy;да қырық мыңға жуық кітап бар. Олардың үштен бірі қазақ тілін&shy;де&shy;гі көр&shy;кем әде&shy;биет, қал&shy;ғаны оқу құрал&shy;дары мен анық&shy;тама&shy;лық&shy;тар. Балалар бөлі&shy;мін&shy;де ертегі&shy;лер мен ойын&shy;дарға арнал&shy;ған бұрыш жасақ&shy;талған.</p>
<h2>Оқырмандар не дейді</h2>
<p>МҰРАТ ӘБІШЕВ, АУЫЛ ӘКІМІ:</p>
<p>Бұрын балалар кітап іздеп аудан орталығына дейін қырық шақырым жол жүретін. Енді кешке дейін осы жерде отырып оқи алады, интернет те тегін. Келесі жылы қасынан шағын саябақ саламыз деп отырмыз.</p>
<p>Кітапхана меңгерушісі Гүлнәр Оспанның айтуынша, алғашқы күні үш жүз он екі адам жазылған. Олардың жартысынан көбі мектеп оқушылары. «Біз мұндай қуанышты күтпеген едік, сөрелер түске дейін босап қалды», — деді ол.</p>
<h2>Келесі жоспарлар</h2>
<ul>
<li>Сәуір айында балалар жазушыларымен кездесу өтеді.</li>
<li>Мамыр айында көне қолжазбалар көрмесі ашылады.</li>
<li>Күзде ересектерге арналған компьютер сабақтары басталады.</li>
</ul>
<p>Құрылысты «Ақбұлақ құрылыс» серіктестігі жүргізді. Жұмыс кезінде қырық екі адам еңбек етті, олардың отызы осы ауылдың тұрғыны. Ғимараттың шатырына күн панельдері орнатылған, сондықтан ол жарықтың жартысын өзі өндіреді.</p>
<p>Аудан әкімдігінің хабарлауынша, көктемде көршілес Тасөткел мен Жаңаталап ауылдарында да осындай екі кітапхана салына бастайды. Бұл мақсатқа облыстық бюджеттен 310 миллион теңге бөлінді. Жобаны жергілікті сәулетші Ерлан Қасымов жасаған, ол ғимараттың пішінін ашылған кітапқа ұқсатқан.</p>
<p>Кітапхана сейсенбіден жексенбіге дейін таңғы тоғыздан кешкі сегізге дейін жұмыс істейді. Жазылу тегін, тек жеке куәлік керек. Келесі аптада алғашқы оқырмандар кеші өтеді, оған ауылдың ең үлкен оқырманы, сексен бес жастағы Қанипа әже шақырылған.</p>
</body>
</html>
"""


ARABIC = """\
<html lang="kk"><meta charset="utf-8"><title>قازاق تىلى تۋرالى</title><body dir="rtl"><h1>قازاق تىلى تۋرالى حابار</h1>
<p>بەيسەنبى كۇنى استانادا جاڭا كىتاپحانا اشىلدى. وندا 40 مىڭ كىتاپ بار. ادامدار كوپ كەلدى، بالالار قۋاندى.</p></body></html>
"""


def printed(name: str, html: str) -> None:
    """The page as Chromium prints it: running heads, page numbers, soft hyphens, letters drawn one by one."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "page.html")
        page.write_text(html, encoding="utf-8")
        subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
             f"--print-to-pdf={HERE / name}", str(page)],
            check=True, capture_output=True, timeout=60,
        )  # fmt: skip


def written() -> None:
    """A Word document with headings, lists, a table, and with hidden, deleted, commented and repeated text."""
    document = docx.Document()
    about = document.core_properties
    about.title, about.author = "Су қоймасы жөндеуден өтті", "Айгерім Серікқызы"
    about.created = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    about.comments = "ҚАСИЕТТЕГІ ТҮСІНІКТЕМЕ"
    document.sections[0].header.paragraphs[0].text = "ЖОҒАРҒЫ КОЛОНТИТУЛ"
    document.sections[0].footer.paragraphs[0].text = "ТӨМЕНГІ КОЛОНТИТУЛ"
    document.add_heading("Су қоймасы жөндеуден өтті", 0)
    document.add_paragraph("Тасөткел су қоймасы үш жылдық жөндеуден кейін сәрсенбі күні іске қосылды.")
    first = document.add_paragraph("Бөгеттің биіктігі ")
    first.add_run("он екі метрге").bold = True
    first.add_run(" жетті.")
    first.add_run(" ЖАСЫРЫН СӨЙЛЕМ.").font.hidden = True
    first.add_run(" ӨТЕ ҰСАҚ СӨЙЛЕМ.").font.size = Pt(1)
    _change(first, "w:del", "w:delText", " ӨШІРІЛГЕН СӨЙЛЕМ.")
    _change(first, "w:ins", "w:t", " Суы тұщы.")
    remark = document.add_paragraph("Жұмысқа бес ауылдың тұрғындары қатысты.")
    document.add_comment(remark.runs, text="ПІКІР", author="Редактор", initials="Р")
    document.add_heading("Не өзгерді", 1)
    for item in ("Арналар тазартылды.", "Қақпалар ауыстырылды."):
        document.add_paragraph(item, style="List Bullet")
    for item in ("Алдымен су жіберіледі.", "Содан кейін егіс суарылады."):
        document.add_paragraph(item, style="List Number")
    table = document.add_table(rows=3, cols=2)
    for row, cells in zip(
        table.rows, (("Ауыл", "Гектар"), ("Ақбұлақ", "420"), ("Жаңаталап", "310")), strict=True
    ):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    document.add_paragraph("Келесі жылы тағы екі су қоймасы жөнделеді.")
    document.save(str(HERE / "story.docx"))


def _change(paragraph: Paragraph, kind: str, letters: str, text: str) -> None:
    """A change that Word tracks: text that was put in or taken out."""
    change, run, shown = OxmlElement(kind), OxmlElement("w:r"), OxmlElement(letters)
    shown.text = text
    shown.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.append(shown)
    change.append(run)
    paragraph._p.append(change)


if __name__ == "__main__":
    printed("story.pdf", PAGE)
    printed("arabic.pdf", ARABIC)
    written()
