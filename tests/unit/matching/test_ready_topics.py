"""The topics that are shipped find what they are for, without the phrase too, and leave alone what only sounds like it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import load
from bot.language.parsing import Parser
from bot.language.parsing import load as load_parser
from bot.matching.cascade import Cascade, Wanted
from bot.matching.document import Document
from bot.matching.scanning.terms import Scanner
from bot.model import Catalogue, Pattern, Subject, Topic

CATALOGUE = load(Path(__file__).parents[3] / "config", {}).catalogue
SCANNER = Scanner(CATALOGUE)

YES = {
    "trilateral-cooperation": (
        "U.S.-ROK-Japan cooperation is the answer to missiles.",
        "Washington, Seoul and Tokyo agreed to compare their warnings each month.",
        "The United States, South Korea and Japan will hold a summit in spring.",
        "Trilateral cooperation will grow, the ministry in Seoul said after a call with Tokyo.",
        "한미일 외교차관이 서울에서 만났다.",
        "日米韓の外相が電話で協議した。",
    ),
    "sanctions": (
        "Parliament voted to extend the sanctions by a year.",
        "The EU adopted new sanctions on ship owners.",
        "Canada will ease its embargo on grain.",
        "정부는 독자 제재를 발표했다.",
        "追加制裁を科す方針だ。",
    ),
    "sanctions-evasion": (
        "The tanker helped to circumvent the sanctions, the panel wrote.",
        "Ship-to-ship transfers went on at night.",
        "Thieves laundered the cryptocurrency within hours.",
    ),
    "missile-tests": (
        "Pyongyang fired two ballistic missiles into the sea.",
        "The missile was launched from a truck at dawn.",
        "북한이 미사일 시험을 했다.",
    ),
    "nuclear-programme": (
        "Inspectors found enriched uranium.",
        "The reactor makes plutonium, they said.",
        "Engineers enriched the uranium at a second site.",
        "핵실험을 준비하고 있다.",
    ),
    "joint-exercises": (
        "The two navies held a joint exercise off the coast.",
        "They began combined air drills on Monday.",
        "連合演習ではなく共同訓練を行った。",
    ),
    "cyber-attacks": (
        "A cyber-attack shut the port for two days.",
        "Hackers broke into the ministry's network and copied letters.",
        "Ransomware locked the hospital's files.",
        "사이버 공격으로 은행 업무가 중단됐다.",
    ),
    "diplomacy": (
        "The envoy of France met his counterpart from Egypt.",
        "Poland summoned the Russian ambassador.",
        "The two states restored diplomatic relations.",
        "首脳会談は来週開かれる。",
    ),
    "arms-transfers": (
        "Moscow bought shells and artillery.",
        "The arms deal was signed in June.",
        "무기 거래가 있었다.",
    ),
    "humanitarian-aid": (
        "Thousands of families fled Sudan for Chad.",
        "Trucks delivered flour and medicine in Sudan.",
        "A humanitarian corridor was opened.",
        "인도적 지원을 재개했다.",
    ),
    "elections": (
        "Kenya votes for a new parliament on Tuesday.",
        "A snap election was called for May.",
        "총선 투표율이 올랐다.",
    ),
    "inter-korean-relations": (
        "Pyongyang cut the hotline with Seoul.",
        "Propaganda leaflets were sent over the border, Seoul said.",
        "A soldier of North Korea crossed the Demilitarized Zone.",
    ),
    "us-south-korea-alliance": (
        "The alliance of Seoul and Washington is strong.",
        "USFK will not shrink.",
    ),
    "abductions-and-human-rights": (
        "North Korea has never explained why it abducted them.",
        "Japanese abductees are old by now.",
    ),
}

NO = {
    "trilateral-cooperation": (
        "Brazil, India and South Africa agreed to deepen their trilateral cooperation.",
        "The US, Japan and South Korea each had a warm summer.",
        "Washington and Seoul agreed to meet.",
        "Trilateral talks on the river went on in Kenya.",
    ),
    "sanctions": ("The court sanctioned the sale.", "The league imposed sanctions on players who had bet."),
    "sanctions-evasion": ("He evaded a question on the weather.", "The front of the company was painted."),
    "missile-tests": ("The firm launched a new phone.", "The chef fired up the grill.", "Pupils take tests in June."),
    "nuclear-programme": ("A nuclear family lives next door.", "He built a house of wood."),
    "joint-exercises": ("Yoga is an exercise for the joints.", "The dentist bought a drill."),
    "cyber-attacks": ("Ten life hacks for a tidy computer desk.", "The goat was attacked by a dog."),
    "diplomacy": (
        "The climbers met below the summit of the mountain.",
        "She met a friend in the park.",
        "후반에 선수교체가 있었다.",
        "国交省が新しい道路を認めた。",
    ),
    "arms-transfers": ("The shop sells sea shells.", "He was transferred to another club."),
    "humanitarian-aid": ("The shop delivers medicine.", "A first-aid course begins in May."),
    "elections": ("Fans voted the song the best in Kenya.", "The class elected a speaker."),
    "inter-korean-relations": (
        "Loudspeakers played in the park.",
        "The hotline of the bank was busy.",
        "Propaganda leaflets fell on Gaza.",
        "Syria entered the demilitarized zone.",
    ),
    "us-south-korea-alliance": (
        "An alliance of bakers met in Seoul.",
        "Tokyo signed a special measures agreement with Washington.",
    ),
    "abductions-and-human-rights": (
        "The film is about a kidnapped dog.",
        "Separated families waited at the border of Mexico.",
        "Pakistan was warned of a forced repatriation of Afghans.",
    ),
}


@pytest.fixture(scope="module")
def parser() -> Parser | None:
    return load_parser()


def is_found(topic: str, text: str, parser: Parser | None, scanner: Scanner = SCANNER) -> bool:
    language = "en" if text.isascii() else "ko"
    document = Document(title="", text=text, language=language)
    cascade = Cascade(scanner, [Wanted(query=Subject(f"topic:{topic}"))], parser)
    (hits,) = cascade.read([document])
    return cascade.verdicts(hits, document) != [None]


@pytest.mark.parametrize(("topic", "text"), [(topic, text) for topic, texts in YES.items() for text in texts])
def test_a_topic_is_found_in_what_it_is_for(topic: str, text: str, parser: Parser | None) -> None:
    """Each sentence is of its topic, in the words of news."""
    assert is_found(topic, text, parser)


@pytest.mark.parametrize(("topic", "text"), [(topic, text) for topic, texts in NO.items() for text in texts])
def test_a_topic_is_not_found_in_what_sounds_like_it(topic: str, text: str, parser: Parser | None) -> None:
    """The same words in another sense, or of others, are no topic."""
    assert not is_found(topic, text, parser)


def test_every_topic_has_its_sentences() -> None:
    """No topic is shipped that nobody has tried on both."""
    assert {topic.id for topic in CATALOGUE.topics} == set(YES) == set(NO)


def test_other_three_are_found_where_somebody_asks_for_them(parser: Parser | None) -> None:
    """Brazil, India and South Africa are a topic of their own, for whoever writes its file."""
    three = Topic(
        id="three",
        name="Three",
        patterns=(
            Pattern(lemmas=(("agree", "cooperation"),), actors=("brazil", "india", "south-africa", "china"), at_least=3),
        ),
    )
    scanner = Scanner(Catalogue(actors=CATALOGUE.actors, topics=(three,)))

    assert is_found("three", "Brazil, India and South Africa agreed on a bank.", parser, scanner)
    assert is_found("three", "Cooperation of China, Brazil and India grows.", parser, scanner)
    assert not is_found("three", "Brazil and India agreed on a bank.", parser, scanner)
