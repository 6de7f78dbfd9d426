import pytest

from retrieval.article import Article
from retrieval.example import example_name


def example(*texts: str) -> str | None:
    return example_name(Article(str(number), text) for number, text in enumerate(texts))


def test_the_name_that_stands_most_often_is_the_example():
    assert (
        example(
            "Кеше мектепте Айгүл Серік сабақ берді. Бүгін де Айгүл Серік келді.",
            "Жарыста жүйрік Дархан Сейіт озды.",
        )
        == "Айгүл Серік"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Қар жауды.",
        "Айгүл Серік келді.",  # a sentence's first word may be any word
        "Бұл «Жас Алаш» деген газет.",
        "Олар Қазақстанның Халық әртісі туралы айтты.",
        "Бүгін ТЖМ ІІМ хабарлады.",
        "Фото: суретші Айгүл Серік",
    ],
)
def test_what_is_no_name_is_no_example(text):
    assert example(text) is None


def test_without_articles_there_is_no_example():
    assert example() is None


def test_the_example_of_the_seeds_is_a_name_that_they_hold(seeds):
    name = example_name(seeds.values())

    assert name is not None
    assert any(name in article.text for article in seeds.values())
