"""The root cause: the sentence that names it, and the kind of cause it is.

The kind is weighed, not matched: every word for a kind counts, more where the summary names the cause and more when the
word leaves no other reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from failonce.postmortem.read.facts import Fact
from failonce.postmortem.read.outline import Node
from failonce.postmortem.read.roles import Role
from failonce.postmortem.read.sections import Sections

_NAMED = re.compile(
    r"\b(?:root cause|caus(?:e|ed|es|ing)|due to|because|result(?:ed|ing)? (?:of|from|in)|triggered"
    r"|led to|originated|stem(?:s|med)|traced|culprit"
    r"|problem was|issue was|introduced|arose|risen from|attributed|owing to|main reason|thanks to)\b",
    re.IGNORECASE,
)

#: Kind, weight, words. The mechanism outweighs what set it off: a query that exhausts the pool is an exhausted pool.
KINDS: tuple[tuple[str, float, str], ...] = (
    (
        "connection-pool-exhaustion",
        8,
        r"connection pool|pool (?:exhaust|size|limit)|(?:exhaust\w*|too many|ran out of"
        r"|max\w* (?:number of )?(?:\w+ ){0,2}database|max_) ?(?:\w+ ){0,3}connections|connections? (?:leak"
        r"|exhaust)|connection leak",
    ),
    ("locks-or-deadlock", 9, r"dead-?locks?|table lock\w*|lock contention|locking (?:database )?tables|blocking lock"),
    ("memory-leak", 6, r"memory (?:leak|exhaust|overflow)\w*|out of memory|\boom\b|leak\w* memory|run out of memory"),
    (
        "disk-full-or-storage",
        5,
        r"no space left|(?:out of|insufficient) (?:disk )?space|(?:disk|file ?system|storage|volume"
        r"|partition)s? (?:\w+ ){0,2}(?:full|space|exhaust\w*|capacity|fill\w*|failure)|(?:full|out of"
        r"|low) (?:\w+ ){0,2}(?:disk|storage|file ?system)|disk space|inodes?",
    ),
    (
        "certificate-or-auth",
        6,
        r"(?:ssl|tls|certificate)s?\b.{0,30}\b(?:expir|invalid|renew)\w*|expired (?:ssl|tls|certificate)"
        r"|ssh (?:public |private )?key|public key|authentication token|credentials? (?:expir|rotat)\w*",
    ),
    (
        "missing-index-or-slow-query",
        4.5,
        r"missing (?:an? )?(?:database )?index\w*|lack\w* (?:of )?(?:proper |an |necessary )?ind(?:ex"
        r"|ic)\w*|(?:un-?optimi[sz]ed|inefficient|slow|poorly (?:optimi[sz]ed|written|performing)"
        r"|long-running|expensive|heavy|complex) (?:\w+ ){0,3}(?:quer\w+|sql)|quer(?:y"
        r"|ies) (?:\w+ ){0,4}(?:not (?:been )?optimi|inefficien|without)|full table scan|inefficient query",
    ),
    (
        "human-error",
        4,
        r"\baccidental\w*|\bmistak\w+|wrongly (?:typed|ran|deleted)|human error|\bintern\b"
        r"|never (?:been )?started|was not (?:running|started|enabled)|forg[oe]t\w*|inadvertent\w*"
        r"|by mistake|someone|manually (?:deleted|changed)|unintended",
    ),
    (
        "misconfiguration",
        3.5,
        r"mis-?configur\w*|(?:improperly|incorrectly|wrongly) (?:configured|set|tuned)|(?:incorrect|wrong|invalid"
        r"|faulty|bad|improper\w*|erroneous"
        r"|botched) (?:\w+ ){0,3}(?:config\w*|setting\w*|path|permission\w*|file ?name|parameter\w*"
        r"|environment variable|port|extension|directive)|configuration (?:error|file|change|mistake|issue"
        r"|update|push)s?|syntax error|typo\w*|typing error|mis-?sp(?:ell|elt)\w*|mis-?typed"
        r"|missing (?:semicolon|environment variable)|symbolic link|symlink|config(?:uration)? file|ulimit"
        r"|open file|permission\w*|worker_connections|not configured|(?:run|running|ran) (?:\w+ ){0,5}(?:as|by"
        r"|under) (?:the )?root\b|privileges",
    ),
    (
        "data-corruption-or-loss",
        3,
        r"data(?:base)? (?:was |were |got )?(?:corrupt\w*|los[st])|corrupt\w* (?:\w+ ){0,2}data(?:base)?"
        r"|delet(?:ed|ion|ing) (?:of )?(?:the )?(?:[\w-]+ ){0,3}(?:data|database|namespaces|records|crds?"
        r"|clusters?)|loss of (?:\w+ ){0,2}(?:data|database)",
    ),
    (
        "traffic-spike-or-capacity",
        3,
        r"(?:traffic|load|user|request|demand) (?:spike|surge|increase)\w*|(?:surge|spike|influx|increase"
        r"|sudden increase|high|heavy|peak|unexpected\w*|exceptionally high|excessive|sudden) (?:(?:in|of"
        r"|incoming|volume|web|user|new) ){0,3}(?:traffic|load|users?|requests?|demand|visitors|emojis)"
        r"|maximum capacity|(?:most|all) of the (?:cpu|memory|resources)|load average"
        r"|resource (?:contention|exhaustion)|high cpu|consum\w+ (?:all|most)|stuck waiting"
        r"|insufficient (?:capacity|resources)|overload\w*|under-?provision\w*|capacity|overwhelm\w+"
        r"|scal(?:e|ing) (?:up|out)",
    ),
    (
        "network-or-dns",
        4,
        r"\bdns\b|network (?:outage|partition|failure|connectivity|switch|congestion|configuration|issue)"
        r"|routing (?:table|error)|packet loss|firewall|\bswitch\b (?:fail|malfunction)|bgp|router"
        r"|kernel modules?|latency between",
    ),
    (
        "third-party",
        4,
        r"third[- ]party|upstream (?:provider|service)|(?:cloud|hosting|service|internet|payment) provider"
        r"|vendor|\baws\b|external (?:service|api|provider)|\bisp\b|released .{0,20}by|bottlerocket",
    ),
    (
        "hardware-or-host",
        4,
        r"hardware (?:failure|fault|malfunction|issue)|power (?:outage|failure|cut|loss|supply)"
        r"|(?:physical|host|virtual) machine|disk failure|\braid\b|overheat\w*|cooling|spill\w*|data ?cent(?:er|re)"
        r"|ubuntu version|failover mechanism",
    ),
    (
        "bad-deploy-or-code-bug",
        4,
        r"(?:due to|caused by) an? (?:\w+ )?bug|\bbug in (?:our|the)|infinite loop|race condition|memory safety",
    ),
    (
        "bad-deploy-or-code-bug",
        2.5,
        r"\bbugs?\b|(?:recent|latest|new|faulty|bad|code|software) (?:\w+ ){0,2}(?:deploy\w*|release"
        r"|update|change|push|upgrade|commit|migration)|code (?:change|error|defect)|regression"
        r"|race condition|infinite loop|null pointer|deploy(?:ed|ment) (?:of|that|with|error|script)"
        r"|upgrad\w+|memory safety|logic error|exception|unhandled|script|breaking changes"
        r"|compatibility issue|upgrade\w*",
    ),
)
#: Matched against text in lower case, which is several times faster than ignoring case.
_PATTERNS = tuple((kind, weight, re.compile(words)) for kind, weight, words in KINDS)
_MOST = 3
_LONGEST = 800


def cause_lines(parts: Sections) -> Iterator[tuple[Node, float]]:
    """Yield the lines that tell the cause, each with how much it counts: first the summary's own naming of it."""
    labelled = [n for n in parts.summary if n.under(Role.CAUSE)]
    told = [n for n in parts.summary if _NAMED.search(n.text)] if not labelled else []
    for number, node in enumerate((*labelled, *told)):
        yield node, 2.0 if number == 0 else 1.2
    for number, node in enumerate(parts.cause):
        fixes = re.match(
            r"(?:to (?:resolve|fix|address)|the (?:issue|problem) was (?:resolved|fixed))", node.text, re.IGNORECASE
        )
        if not fixes:
            yield node, 1.6 if number == 0 else 0.7
    for node in parts.timeline:
        if re.search(
            r"\b(?:root )?cause (?:was )?(?:identified|found|discovered|determined)|\bidentified\b.{0,40}\bcause",
            node.text,
            re.IGNORECASE,
        ):
            yield node, 1.0


def category(parts: Sections) -> Fact | None:
    """Return the kind of cause that the document's words weigh heaviest for."""
    lines = [*cause_lines(parts)]
    if not lines:
        lines = [
            (n, 1.0) for n in (*parts.summary, *parts.resolution, *(m for m in parts.all if _NAMED.search(m.text)))
        ][:40]
    lines = lines[:12] + [(n, 0.25) for n in parts.resolution[:3]]
    whole = "\n".join(n.text[:_LONGEST] for n, _ in lines).lower()
    spoken = [pattern for pattern in _PATTERNS if pattern[2].search(whole)]
    weights: dict[str, float] = {}
    first: dict[str, tuple[Node, str]] = {}
    for node, share in lines:
        for sentence_share, text in _sentences(node):
            leading: tuple[int, str] = (len(text), "")
            for kind, weight, pattern in spoken:
                for number, match in enumerate(islice(pattern.finditer(text), _MOST)):
                    leading = min(leading, (match.start(), kind))
                    weights[kind] = weights.get(kind, 0) + weight * share * sentence_share / (1 + 1.5 * number)
                    first.setdefault(kind, (node, match[0]))
            if leading[1]:
                weights[leading[1]] += 0.8 * share * sentence_share
    if not weights:
        return Fact("other", lines[0][0].line, lines[0][0].column, "") if lines else None
    best = max(weights, key=lambda kind: weights[kind])
    node, words = first[best]
    at = max(node.text.lower().find(words), 0)
    return Fact(best, node.line, node.column + at, node.text[at : at + len(words)])


def _sentences(node: Node) -> Iterator[tuple[float, str]]:
    """Yield sentences in lower case; the first says the cause, the later ones what followed."""
    cut = re.split(r"(?<=[.!?])\s+", node.text[:_LONGEST].lower())
    naming = next((n for n, s in enumerate(cut) if re.search(r"\b(?:root )?cause\b", s)), 0)
    for number, sentence in enumerate(cut):
        yield (1.0 if number == naming else 0.4), sentence


def summary_sentence(parts: Sections) -> Fact | None:
    """Return the sentence that names the root cause."""
    for nodes in (parts.summary, parts.cause, parts.all):
        labelled = [
            n for n in nodes if n.under(Role.CAUSE, Role.CAUSE_AND_RESOLUTION) and n.label is not Role.RESOLUTION
        ]
        for node in labelled:
            sentence = re.split(r"(?<=[.!?])\s+", node.text)[0]
            return Fact(sentence.strip(), node.line, node.column, sentence.strip())
        found = _naming_sentence(nodes)
        if found:
            return found
    return None


def _naming_sentence(nodes: Iterable[Node]) -> Fact | None:
    for pattern in (re.compile(r"\broot cause\b|\bcaused by\b|\bculprit\b", re.IGNORECASE), _NAMED):
        for node in nodes:
            for sentence in re.split(r"(?<=[.!?])\s+", node.text[:4000]):
                if pattern.search(sentence):
                    return Fact(
                        sentence.strip(), node.line, node.column + max(node.text.find(sentence), 0), sentence.strip()
                    )
    return None


def in_summary(parts: Sections) -> Fact | None:
    """Return where the summary names the root cause."""
    for node in parts.summary:
        if node.under(Role.CAUSE) and len(node.text.split()) >= 2:
            return Fact(node.text, node.line, node.column, node.text[:80])
    for node in parts.summary:
        match = _CAUSE_SAID.search(node.text)
        if match:
            return Fact(node.text, node.line, node.column + match.start(), match[0])
    return None


_CAUSE_SAID = re.compile(
    r"\broot causes?\b|\b(?:was|were|is|been) (?:\w+ )?caused\b|\bcaused by\b|\bcause (?:of|was|is|for"
    r"|turned)\b|\bdue to\b|\bbecause\b|\b(?:as a )?result of\b|\bresult(?:ed|ing) from\b"
    r"|\btriggered by\b|\boriginated\b|\bstemm?(?:ed|s)\b|\btraced (?:back )?to\b|\bculprit\b"
    r"|\barose\b|\brisen from\b|\battributed to\b|\bbrought (?:on|about) by\b|\bmain reason\b"
    r"|\b(?:main|actual|primary|underlying) (?:problem|issue|reason|fault)\b|\b(?:problem|issue|fault"
    r"|reason) was (?:that|an?|the|due|with|in|found)\b|\bcaused\b|\b(?:resulting in|leading to"
    r"|causing) (?:the|an|this) (?:\w+ )?(?:outage|incident|downtime)\b"
    r"|(?<!outage )(?<!which )(?<!incident )\b(?:led to|resulted in) (?:a|an|the|errors|server"
    r"|increased)\b|\btypo\b|\btriggered\b|\bresult(?:ed|s) from\b",
    re.IGNORECASE,
)
