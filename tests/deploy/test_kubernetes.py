"""deploy/kubernetes.yaml: valid for Kubernetes, one story from end to end, and locked down."""

import re
from pathlib import PurePosixPath
from urllib.parse import urlsplit

import pytest

from bot.settings import NAMES, RESERVED, SECRETS, load
from retrieval.addresses import address, admitted
from tests.deploy.tools import DEPLOY, documents, pinned

FILE = DEPLOY / "kubernetes.yaml"
KINDS = ["ConfigMap", "PersistentVolumeClaim", "Deployment", "Service", "Ingress", "NetworkPolicy"]


@pytest.fixture(scope="module")
def manifests():
    return {document["kind"]: document for document in documents(FILE)}


@pytest.fixture(scope="module")
def pod(manifests):
    return manifests["Deployment"]["spec"]["template"]["spec"]


@pytest.fixture(scope="module")
def container(pod):
    [container] = pod["containers"]
    return container


def test_the_manifests_are_valid_word_by_word():
    done = pinned("kubernetes-validate", "--strict", FILE)

    assert done.returncode == 0, done.stdout + done.stderr
    assert (done.stdout + done.stderr).count(" passed for resource ") == len(KINDS)


def test_a_misspelled_word_would_be_found(tmp_path):
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(FILE.read_text(encoding="utf-8").replace("readOnlyRootFilesystem", "readOnlyFileSystem"))

    assert pinned("kubernetes-validate", "--strict", wrong).returncode != 0


def test_there_is_no_namespace_and_no_secret_that_an_apply_could_overwrite(manifests):
    assert list(manifests) == KINDS
    assert all("namespace" not in document["metadata"] for document in manifests.values())


def test_there_is_never_more_than_one_bot_to_a_database(manifests):
    deployment = manifests["Deployment"]["spec"]

    assert (deployment["replicas"], deployment["strategy"]) == (1, {"type": "Recreate"})
    assert manifests["PersistentVolumeClaim"]["spec"]["accessModes"] == ["ReadWriteOnce"]


def test_the_bot_understands_what_it_is_given(manifests, container, tmp_path):
    plain = manifests["ConfigMap"]["data"]
    named = {one["name"]: one["value"] for one in container["env"]}
    files = {name: tmp_path / PurePosixPath(path).name for name, path in named.items()}
    for name, text in (("token", "1" * 9 + ":" + "A" * 35), ("webhook-secret", "secret")):
        (tmp_path / name).write_text(text)

    settings = load(plain | {name: str(file) for name, file in files.items()} | {"ARTICLES": str(tmp_path)})

    assert set(plain | named) <= set(NAMES)
    assert not set(SECRETS) & set(plain | named)
    assert settings.token is not None
    assert settings.webhook_secret is not None


def test_the_secrets_lie_where_the_bot_looks_and_are_the_ones_that_the_comment_creates(pod, container):
    [volume] = [one for one in pod["volumes"] if "secret" in one]
    [mount] = [one for one in container["volumeMounts"] if one["name"] == volume["name"]]
    paths = [PurePosixPath(one["value"]) for one in container["env"]]
    created = re.search(r"create secret generic (\S+) (.*)", FILE.read_text(encoding="utf-8"))

    assert created is not None
    assert volume["secret"]["secretName"] == created[1]
    assert {str(path.parent) for path in paths} == {mount["mountPath"]}
    assert [path.name for path in paths] == re.findall(r"--from-file=([\w-]+)=", created[2])


def test_only_the_path_of_the_webhook_leads_in(manifests, container):
    url = urlsplit(manifests["ConfigMap"]["data"]["WEBHOOK_URL"])
    [rule] = manifests["Ingress"]["spec"]["rules"]
    [path] = rule["http"]["paths"]
    [tls] = manifests["Ingress"]["spec"]["tls"]
    service = manifests["Service"]
    [port] = service["spec"]["ports"]

    assert (rule["host"], tls["hosts"]) == (url.hostname, [url.hostname])
    assert (path["path"], path["pathType"]) == (url.path, "Exact")
    assert path["backend"]["service"] == {"name": service["metadata"]["name"], "port": {"name": port["name"]}}
    assert port["targetPort"] in [one["name"] for one in container["ports"]]


def test_selectors_and_names_find_each_other(manifests, pod):
    labels = manifests["Deployment"]["spec"]["template"]["metadata"]["labels"]
    claims = [
        one["persistentVolumeClaim"]["claimName"] for one in pod["volumes"] if "persistentVolumeClaim" in one
    ]

    assert manifests["Deployment"]["spec"]["selector"]["matchLabels"].items() <= labels.items()
    assert manifests["Service"]["spec"]["selector"].items() <= labels.items()
    assert manifests["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"].items() <= labels.items()
    assert claims == [manifests["PersistentVolumeClaim"]["metadata"]["name"]]


def test_updates_are_taken_even_while_they_cannot_be_answered(manifests, container):
    paths = [container[f"{kind}Probe"]["httpGet"]["path"] for kind in ("startup", "liveness", "readiness")]

    assert paths == ["/healthz", "/healthz", "/readyz"]
    assert set(paths) <= set(RESERVED)
    assert manifests["Service"]["spec"]["publishNotReadyAddresses"] is True


def test_the_bot_gets_longer_to_stop_than_it_takes(pod):
    assert pod["terminationGracePeriodSeconds"] >= 8 + 5


def test_the_bot_can_do_nothing_but_its_work(pod, container):
    inside = container["securityContext"]

    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] == pod["securityContext"]["fsGroup"] == 10001
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert inside["readOnlyRootFilesystem"] is True
    assert inside["allowPrivilegeEscalation"] is False
    assert inside["capabilities"] == {"drop": ["ALL"]}
    assert pod["automountServiceAccountToken"] is False
    assert {"memory"} <= container["resources"]["limits"].keys()
    assert {"cpu", "memory"} <= container["resources"]["requests"].keys()


def test_what_may_call_and_be_called_is_listed(manifests):
    policy = manifests["NetworkPolicy"]["spec"]
    out = [block for rule in policy["egress"] for block in rule["to"] if "ipBlock" in block]

    assert policy["policyTypes"] == ["Ingress", "Egress"]
    assert all(rule["from"] and rule["ports"] for rule in policy["ingress"])
    assert all(rule["to"] and rule["ports"] for rule in policy["egress"])
    assert "169.254.0.0/16" in out[0]["ipBlock"]["except"]


@pytest.mark.parametrize("port", [80, 443, 8080, 8443])
def test_the_policy_lets_out_to_every_port_on_which_the_bot_reads_pages(port, manifests):
    open_ports = {
        one["port"]
        for rule in manifests["NetworkPolicy"]["spec"]["egress"]
        for one in rule["ports"]
        if any("ipBlock" in block for block in rule["to"])
    }

    assert not admitted(address(f"https://news.example.org:{port}/rss"))  # asked, and not as a private one
    assert port in open_ports
    assert len(open_ports) == 4
