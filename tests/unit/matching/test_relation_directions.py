"""The directions of acts, with the real model and the words that are shipped: who does what to whom, and whether it is so."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from bot.config.acts import read_acts
from bot.language.parsing import load
from bot.matching.cascade import Cascade, Wanted
from bot.matching.evaluate import Verdict
from bot.matching.queries.query import parse
from bot.matching.relations.finding import told
from bot.matching.scanning.terms import Scanner
from bot.model import Actor, Alias, AliasKind, Catalogue
from tests.unit.matching.samples import JAPAN, NORTH_KOREA, RUSSIA, SOUTH_KOREA, UNITED_STATES, document


def state(name: str, demonym: str, capital: str) -> Actor:
    kinds = ((AliasKind.NAME, name), (AliasKind.DEMONYM, demonym), (AliasKind.CAPITAL, capital))
    return Actor(id=name.lower(), name=name, aliases=tuple(Alias(text=text, kind=kind) for kind, text in kinds))


STATES = (
    state("Ukraine", "Ukrainian", "Kyiv"),
    state("Israel", "Israeli", "Jerusalem"),
    state("Iran", "Iranian", "Tehran"),
    state("China", "Chinese", "Beijing"),
    state("Taiwan", "Taiwanese", "Taipei"),
    state("Belarus", "Belarusian", "Minsk"),
    state("India", "Indian", "New Delhi"),
    state("Pakistan", "Pakistani", "Islamabad"),
)
ACTORS = (NORTH_KOREA, SOUTH_KOREA, UNITED_STATES, JAPAN, RUSSIA, *STATES)
_parser = cache(load)


@cache
def catalogue() -> Catalogue:
    return Catalogue(actors=ACTORS, acts=read_acts(Path("config/acts.toml")))


def judged(source: str, target: str, act: str, sentence: str, *, title: str = "") -> Verdict | None:
    parts = [f"source={source}" * bool(source), f"target={target}" * bool(target), f"act={act}" * bool(act)]
    query = parse(f"relation:({' '.join(filter(None, parts))})", catalogue()).query
    reader = Cascade(Scanner(catalogue()), [Wanted(query=query)], _parser())
    article = document(sentence, title)
    [hits] = reader.read([article])
    return reader.verdicts(hits, article)[0]


SAID = [
    # denied of something else, or denied twice
    ("russia", "ukraine", "assault", "Russia attacked Ukraine without warning."),
    ("north-korea", "russia", "aid", "Seoul said, without giving details, that North Korea sent troops to Russia."),
    ("russia", "ukraine", "assault", "Russia attacked Ukraine, Kyiv said without elaborating."),
    ("russia", "ukraine", "assault", "Russia not only attacked Ukraine but also threatened Japan."),
    ("north-korea", "russia", "aid", "North Korea has never stopped sending troops to Russia."),
    ("russia", "ukraine", "assault", "Russia's attack on Ukraine did not surprise Japan."),
    ("russia", "ukraine", "assault", "Russia attacked Ukraine almost daily."),
    ("russia", "ukraine", "assault", "Japan warned Belarus over Russia's attack on Ukraine."),
    ("russia", "ukraine", "assault", "Russian attacks on Ukraine are likely to continue."),
    ("russia", "ukraine", "assault", "Claims that Russia attacked Ukraine are not false."),
    # active
    ("north-korea", "russia", "aid", "North Korea sent troops to Russia."),
    ("north-korea", "russia", "aid", "North Korean ships delivered shells to Russian ports."),
    ("japan", "north-korea", "accuse", "Japan condemned North Korea over the launch."),
    ("north-korea", "south-korea", "assault", "North Korean soldiers fired at South Korean guards on Monday."),
    ("united-states", "north-korea", "sanction", "The United States imposed new sanctions on North Korea."),
    ("united-states", "north-korea", "sanction", "The United States has sanctioned two North Korean banks."),
    ("japan", "south-korea", "consult", "Japan's foreign minister visited South Korea last week."),
    ("south-korea", "japan", "aid", "South Korea gave Japan two million masks."),
    ("japan", "russia", "sanction", "Japan expelled three Russian diplomats."),
    ("japan", "russia", "accuse", "Japan criticised Russia's war on its neighbour."),
    ("russia", "japan", "threaten", "Russia threatened to attack Japan."),
    ("japan", "north-korea", "request", "Japan urged North Korea to return the abductees."),
    ("japan", "north-korea", "request", "Japan said that North Korea must stop its launches."),
    # passive
    ("russia", "south-korea", "assault", "South Korea was attacked by Russian aircraft."),
    ("north-korea", "russia", "aid", "Thousands of shells were sent to Russia by North Korea."),
    ("north-korea", "russia", "aid", "Shells supplied to Russia by North Korea were found in the wreck."),
    ("japan", "north-korea", "sanction", "Sanctions were imposed on North Korea by Japan."),
    # relative clauses, shared subjects, control
    ("north-korea", "russia", "aid", "The troops that North Korea sent to Russia have left."),
    ("north-korea", "russia", "consult", "Kim Jong Un, who visited Russia in spring, spoke of friendship."),
    ("japan", "south-korea", "consult", "The minister of Japan left Tokyo and met South Korean officials."),
    ("north-korea", "russia", "aid", "North Korea began to send shells to Russia."),
    # nominal
    ("north-korea", "south-korea", "assault", "North Korea's attack on South Korea was condemned."),
    ("russia", "japan", "assault", "The attack on Japan by Russia lasted an hour."),
    ("russia", "north-korea", "consult", "The visit by the Russian president to North Korea ended on Friday."),
    ("united-states", "north-korea", "sanction", "American sanctions on North Korea have not worked."),
    ("russia", "japan", "assault", "Russia launched an attack on Japan."),
    ("japan", "russia", "consult", "Japan held talks with Russia on the islands."),
    # both ways
    ("north-korea", "russia", "agree", "North Korea and Russia signed a treaty."),
    ("russia", "north-korea", "agree", "North Korea and Russia signed a treaty."),
    ("russia", "japan", "consult", "Talks between Japan and Russia began in May."),
    ("south-korea", "japan", "consult", "Japan's leader met South Korea's president."),
    ("india", "pakistan", "assault", "Indian and Pakistani soldiers clashed along the border."),
    ("pakistan", "india", "assault", "Indian and Pakistani soldiers clashed along the border."),
    ("china", "russia", "cooperate", "Russia and China held joint naval exercises."),
    # whoever suffers, receives, or is sent
    ("russia", "ukraine", "assault", "Two people were killed in a Russian strike on Ukraine."),
    ("israel", "iran", "assault", "Three Iranian officers were killed in an Israeli raid."),
    ("russia", "ukraine", "assault", "Ukraine came under a Russian attack at night."),
    ("united-states", "iran", "sanction", "Iran faces sanctions from the United States."),
    ("north-korea", "russia", "aid", "Russia has received shells from North Korea."),
    ("north-korea", "russia", "mobilize", "North Korean troops were deployed to Russia in autumn."),
    ("russia", "ukraine", "assault", "Belarus backs Russia's war against Ukraine."),
    ("belarus", "russia", "support", "Belarus backs Russia's war against Ukraine."),
    # words that only help others along
    ("united-states", "iran", "sanction", "Washington has slapped a new round of sanctions on Tehran."),
    ("united-states", "ukraine", "aid", "The United States announced a package of military aid for Ukraine."),
    ("iran", "israel", "assault", "Iran launched many missiles at Israel."),
    ("china", "taiwan", "mobilize", "China has massed ships around Taiwan."),
    ("north-korea", "united-states", "reject", "North Korea rejected an American offer of talks."),
    ("israel", "iran", "yield", "Israel freed two Iranian prisoners."),
    ("russia", "ukraine", "assault", "KYIV, May 3 (Agency) - Russian forces shelled the Ukrainian coast."),
    # attributed
    ("north-korea", "russia", "aid", "Seoul says North Korea sent troops to Russia."),
    ("north-korea", "russia", "aid", "North Korea has sent troops to Russia, according to South Korea."),
    ("north-korea", "russia", "aid", "Japan accused North Korea of sending shells to Russia."),
    # to come
    ("russia", "north-korea", "consult", "The Russian president will visit North Korea in June."),
    # the end of an act is its opposite
    ("united-states", "north-korea", "yield", "The United States lifted its sanctions on North Korea."),
    ("japan", "russia", "sanction", "Japan suspended aid to Russia."),
    # nominal, with who does it behind or within
    ("united-states", "taiwan", "cooperate", "The sale of fighter jets by the United States to Taiwan angered Beijing."),
    ("united-states", "taiwan", "cooperate", "The sale of fighter jets to Taiwan by the United States was condemned."),
    ("north-korea", "russia", "aid", "The transfer of shells by North Korea to Russia went on in May."),
    ("north-korea", "russia", "aid", "The delivery of North Korean shells to Russia went on in May."),
    ("japan", "russia", "sanction", "The expulsion of three Russian diplomats by Japan was announced on Monday."),
    ("israel", "iran", "assault", "An attack by Israel destroyed an Iranian depot."),
    ("israel", "iran", "assault", "The strike, which Israel carried out at dawn, destroyed an Iranian depot."),
    ("israel", "iran", "assault", "The attack that Israel launched on Iran lasted an hour."),
    ("united-states", "russia", "sanction", "Russia, hit by American sanctions, turned to China."),
    # several actors
    ("japan", "south-korea", "consult", "The leaders of Japan, South Korea and the United States met in New Delhi."),
    ("united-states", "japan", "consult", "The leaders of Japan, South Korea and the United States met in New Delhi."),
    ("china", "india", "aid", "China and Russia gave India and Pakistan vaccines."),
    ("russia", "pakistan", "aid", "China and Russia gave India and Pakistan vaccines."),
    ("japan", "china", "sanction", "The United States and Japan imposed sanctions on Chinese firms."),
    # whose forces they are, and what is only turned about
    ("israel", "iran", "assault", "Israel said its jets had struck Iranian radar stations."),
    ("russia", "ukraine", "assault", "Kyiv, which was shelled by Russian forces overnight, asked for help."),
    ("russia", "north-korea", "aid", "North Korea was supplied with oil by Russia."),
    ("south-korea", "north-korea", "accuse", "It was South Korea that accused North Korea of the attack."),
    ("japan", "north-korea", "protest", "Japan lodged a protest with North Korea over the launch."),
    ("india", "pakistan", "accuse", "India accused Pakistan of helping rebels, a charge that Islamabad denied."),
    ("ukraine", "russia", "assault", "Ukraine managed to sink a Russian ship."),
    ("russia", "ukraine", "coerce", "Ukrainian towns under siege by Russia ran out of bread."),
    ("united-states", "north-korea", "request", "The United States sought help from North Korea."),
    ("japan", "north-korea", "consult", "Japan called the North Korean leader on Monday."),
    ("united-states", "russia", "consult", "The American president made a phone call to the Russian leader."),
    ("united-states", "japan", "consult", "American talks with Japan on Iran went on."),
    ("russia", "ukraine", "assault", "Russian strikes in Ukraine killed five."),
    # classes, somebody, anything
    ("north-korea", "russia", "material-cooperation", "North Korea sent troops to Russia."),
    ("united-states", "", "sanction", "The United States imposed sanctions on the shipping firm."),
    ("", "north-korea", "sanction", "Sanctions were imposed on North Korea in 2006."),
    ("north-korea", "russia", "", "North Korea flattered Russia."),
]


@pytest.mark.parametrize(("source", "target", "act", "sentence"), SAID, ids=[f"{one[3]} {one[0]}" for one in SAID])
def test_a_sentence_that_says_it_is_taken(source: str, target: str, act: str, sentence: str) -> None:
    """Whoever acts, however the sentence is built, is the source, and whoever it is done to the target."""
    verdict = judged(source, target, act, sentence)

    assert verdict is not None
    assert told(verdict.hits)


def _is_mutual(row: tuple[str, str, str, str]) -> bool:
    return row[2] in {"agree", "consult", "cooperate"} or "clashed" in row[3]


@pytest.mark.parametrize(
    ("source", "target", "act", "sentence"),
    [one for one in SAID if one[0] and one[1] and not _is_mutual(one)],
    ids=[f"{one[3]} {one[0]}" for one in SAID if one[0] and one[1] and not _is_mutual(one)],
)
def test_no_sentence_is_turned_round(source: str, target: str, act: str, sentence: str) -> None:
    """Of an act that is not done both ways, the reversed direction is never said."""
    assert judged(target, source, act, sentence) is None


UNSAID = [
    # negated, denied, refused
    ("russia", "ukraine", "assault", "Russian troops left without attacking Ukraine."),
    ("russia", "ukraine", "assault", "Russia did not deny that it attacked Ukraine."),
    ("north-korea", "russia", "aid", "North Korea has not refused to send troops to Russia."),
    ("north-korea", "russia", "aid", "North Korea did not send troops to Russia."),
    ("north-korea", "russia", "aid", "North Korea has never sent shells to Russia."),
    ("north-korea", "russia", "aid", "No troops were sent to Russia by North Korea."),
    ("north-korea", "russia", "aid", "Pyongyang denied sending troops to Russia."),
    ("north-korea", "russia", "aid", "Pyongyang denied that it had sent troops to Russia."),
    ("north-korea", "russia", "aid", "Russia dismissed reports that North Korea had sent it troops."),
    ("north-korea", "russia", "aid", "North Korea refused to send shells to Russia."),
    ("north-korea", "russia", "aid", "North Korea stopped sending shells to Russia."),
    ("russia", "ukraine", "assault", "There is no evidence that Russia attacked Ukraine."),
    ("russia", "ukraine", "assault", "There is no sign of a Russian attack on Ukraine."),
    ("russia", "ukraine", "assault", "Claims that Russia attacked Ukraine are false."),
    ("russia", "ukraine", "assault", "Claims that Russia attacked Ukraine are not true."),
    ("russia", "ukraine", "assault", "It is false that Russia attacked Ukraine."),
    ("russia", "ukraine", "assault", "Russia almost attacked Ukraine."),
    ("russia", "ukraine", "assault", "Russia hardly ever attacked Ukraine."),
    ("russia", "ukraine", "assault", "Instead of attacking Ukraine, Russia withdrew."),
    ("north-korea", "russia", "aid", "Rather than send shells to Russia, North Korea kept them."),
    ("russia", "ukraine", "assault", "A Russian attack on Ukraine was averted."),
    ("russia", "ukraine", "assault", "Japan averted a Russian attack on Ukraine."),
    ("russia", "ukraine", "assault", "A Russian attack on Ukraine never came."),
    ("russia", "ukraine", "assault", "A Russian attack on Ukraine did not take place."),
    ("russia", "ukraine", "assault", "A Russian attack on Ukraine is unlikely."),
    ("russia", "ukraine", "assault", "A Russian attack on Ukraine is unlikely to happen."),
    ("north-korea", "russia", "aid", "Japan asked about North Korea's alleged shipment of shells to Russia."),
    ("russia", "ukraine", "assault", "Experts warned of a Russian attack on Ukraine."),
    ("russia", "ukraine", "assault", "The game simulated a Russian attack on Ukraine."),
    ("china", "taiwan", "assault", "Taiwan drilled against a Chinese attack on Taipei."),
    ("north-korea", "russia", "aid", "Seoul doubts that North Korea sent troops to Russia."),
    ("japan", "russia", "consult", "Talks between Japan and Russia collapsed before they began."),
    ("japan", "russia", "aid", "Japan offered aid to Russia, which it refused."),
    ("japan", "russia", "aid", "Japan offered Russia aid, which it refused."),
    ("north-korea", "russia", "aid", "North Korea held back from sending troops to Russia."),
    ("ukraine", "russia", "assault", "Ukraine was kept from striking Russian depots."),
    ("japan", "russia", "agree", "Japan and Russia have yet to sign a treaty."),
    ("north-korea", "russia", "aid", "North Korea has yet to send troops to Russia."),
    ("israel", "iran", "assault", "Israel stopped short of attacking Iran."),
    ("north-korea", "russia", "aid", "North Korea withheld troops from Russia."),
    ("india", "pakistan", "agree", "A treaty between India and Pakistan remains elusive."),
    # only meant, only possible, asked, on a condition
    ("north-korea", "russia", "aid", "North Korea plans to send troops to Russia."),
    ("north-korea", "russia", "aid", "North Korea may send troops to Russia."),
    ("north-korea", "russia", "aid", "North Korea agreed to send troops to Russia."),
    ("north-korea", "russia", "aid", "Did North Korea send troops to Russia?"),
    ("north-korea", "russia", "aid", "If North Korea sends troops to Russia, Seoul will answer."),
    ("north-korea", "russia", "aid", "Russia asked North Korea to send troops."),
    ("russia", "japan", "assault", "Russia threatened to attack Japan."),
    ("russia", "japan", "assault", "Japan fears a possible Russian attack on Japan."),
    ("russia", "ukraine", "assault", "Russia is ready to attack Ukraine."),
    ("china", "taiwan", "assault", "Experts fear a Chinese invasion of Taiwan."),
    ("china", "taiwan", "assault", "China has no plans to attack Taiwan."),
    ("china", "taiwan", "assault", "An attack on Taiwan by China would be a disaster."),
    ("united-states", "iran", "consult", "Iran ruled out talks with the United States."),
    ("united-states", "iran", "sanction", "The United States is considering new sanctions on Iran."),
    ("united-states", "iran", "sanction", "Senators called for sanctions on Iran by the United States."),
    ("iran", "russia", "aid", "Iran insists that it has not supplied drones to Russia."),
    ("north-korea", "russia", "aid", "Had North Korea sent troops to Russia, Seoul would have known."),
    ("north-korea", "russia", "aid", "North Korea would have sent troops to Russia if China had agreed."),
    ("russia", "ukraine", "assault", "Russia was about to attack Ukraine."),
    ("china", "taiwan", "assault", "China lacks the ships to invade Taiwan."),
    ("china", "taiwan", "assault", "In the event of a Chinese attack on Taiwan, Japan will act."),
    ("china", "taiwan", "assault", "The author imagined that China invaded Taiwan."),
    ("israel", "iran", "assault", "Russia says an Israeli strike on Iran would be a mistake."),
    # somebody else's act
    ("south-korea", "ukraine", "aid", "Japan, but not South Korea, sent generators to Ukraine."),
    ("russia", "north-korea", "aid", "China, not Russia, sent shells to North Korea."),
    ("iran", "russia", "sanction", "Russia, hit by American sanctions, turned to Iran."),
    ("belarus", "ukraine", "assault", "Belarus backs Russia's war against Ukraine."),
    ("russia", "ukraine", "assault", "Russia accused Ukraine of attacking its own people."),
    ("united-states", "ukraine", "aid", "Russia criticised American aid to Ukraine."),
    ("united-states", "japan", "accuse", "North Korea condemned the United States over its alliance with Japan."),
    ("ukraine", "russia", "assault", "Ukraine shot at a missile, and Russia rested."),
    ("japan", "russia", "aid", "Japan said that North Korea sent shells to Russia."),
    ("south-korea", "north-korea", "assault", "South Korea condemned the attack on North Korea."),
    ("japan", "russia", "assault", "Japan and Russia spoke of the attack on Seoul."),
    ("ukraine", "japan", "coerce", "Japan's plan won praise from towns under siege from Ukraine."),
    ("united-states", "japan", "agree", "The United States accepts a book depicting Japan as the victim."),
    # another target, another act
    ("north-korea", "japan", "consult", "North Korea called Japan's policy dangerous."),
    ("united-states", "japan", "request", "The United States seeks to negotiate a new deal with Japan."),
    ("united-states", "north-korea", "aid", "The United States sought help from North Korea."),
    ("russia", "ukraine", "agree", "Russia vowed to punish Ukraine."),
    ("south-korea", "north-korea", "aid", "The South Korean president gave a speech to North Korean students."),
    ("south-korea", "north-korea", "aid", "South Korea gave North Korea a chance to answer."),
    ("japan", "north-korea", "request", "Japan called the North Korean leader on Monday."),
    ("russia", "north-korea", "aid", "A letter sent by Russian senators to North Korea drew laughter."),
    # what it is about, or where it is
    ("united-states", "iran", "consult", "American talks with Japan on Iran went on."),
    ("united-states", "iran", "reject", "The United States and Japan disagree on Iran."),
    ("united-states", "india", "assault", "American troops are still fighting in India."),
    ("russia", "india", "consult", "The Russian minister met reporters in India."),
    ("russia", "india", "cooperate", "Russia and China held joint drills near India."),
    ("north-korea", "russia", "aid", "North Korea sent troops to Japan after a visit to Russia."),
    ("united-states", "japan", "accuse", "The United States criticised Russia's policy on Japan."),
    ("north-korea", "russia", "assault", "North Korea sent troops to Russia."),
    # not for the state
    ("north-korea", "russia", "accuse", "North Korean defectors condemned Russia."),
    ("russia", "japan", "accuse", "Critics of Russia condemned Japan."),
    ("russia", "japan", "protest", "Anti-Russian groups protested against Japan."),
]


@pytest.mark.parametrize(("source", "target", "act", "sentence"), UNSAID, ids=[one[3] for one in UNSAID])
def test_a_sentence_that_does_not_say_it_is_left(source: str, target: str, act: str, sentence: str) -> None:
    """What is denied, planned, asked, possible, or done by others to others is no relation."""
    assert judged(source, target, act, sentence) is None


@pytest.mark.parametrize(
    ("source", "target", "act", "headline"),
    [
        ("north-korea", "russia", "aid", "North Korea sends troops to Russia"),
        ("japan", "north-korea", "accuse", "Japan condemns North Korea over launch"),
        ("united-states", "north-korea", "sanction", "US imposes sanctions on North Korea"),
        ("united-states", "iran", "sanction", "US sanctions Iranian oil network"),
        ("united-states", "iran", "sanction", "US sanctions Iran over nuclear plans"),
        ("united-states", "iran", "sanction", "Ministry says US sanctions Iranian banks"),
        ("united-states", "taiwan", "aid", "US arms Taiwan, China says"),
        ("pakistan", "india", "assault", "Pakistan shoots down Indian drone"),
        ("israel", "iran", "assault", "Israel bombs two Iranian depots"),
        ("ukraine", "russia", "assault", "Ukraine drones hit Russian oil depot"),
        ("united-states", "iran", "sanction", "Iranian banks sanctioned by US"),
        ("russia", "ukraine", "assault", "Three killed in Russian strike on Ukrainian market"),
        # in capitals throughout
        ("russia", "ukraine", "assault", "Russia Attacks Ukraine With Drones"),
        ("united-states", "iran", "sanction", "US Sanctions Iranian Oil Network"),
        ("japan", "north-korea", "accuse", "Japan Condemns North Korea Over Launch"),
        ("north-korea", "russia", "aid", "North Korea Sends Troops to Russia"),
    ],
)
def test_a_headline_is_read_too(source: str, target: str, act: str, headline: str) -> None:
    """A title in the present tense says who does what to whom."""
    assert judged(source, target, act, "It rained.", title=headline) is not None
    assert judged(target, source, act, "It rained.", title=headline) is None


@pytest.mark.parametrize(
    ("source", "target", "act", "headline"),
    [
        ("china", "russia", "consult", "China, Russia hold talks"),
        ("russia", "china", "consult", "China, Russia hold talks"),
        ("china", "russia", "agree", "China, Russia Sign Gas Deal"),
        ("russia", "china", "cooperate", "Russia and China kick off joint naval drills"),
    ],
)
def test_a_headline_joins_its_subjects_by_a_comma(source: str, target: str, act: str, headline: str) -> None:
    """What two do to each other each of them does, also where a headline spares the `and`."""
    assert judged(source, target, act, "It rained.", title=headline) is not None


@pytest.mark.parametrize(
    ("source", "target", "act", "headline"),
    [
        ("united-states", "iran", "sanction", "US sanctions on Iran unlikely, officials say"),
        ("united-states", "iran", "sanction", "US sanctions threat worries Iranian banks"),
        ("united-states", "iran", "sanction", "US weighs new sanctions on Iran"),
        ("united-states", "iran", "assault", "US Iran strikes: what we know"),
        ("china", "united-states", "sanction", "US tariffs Chinese firms fear"),
        ("israel", "iran", "assault", "Israel strikes Iran has prepared for"),
        ("israel", "iran", "assault", "Israeli strike on Iran would be mistake, Russia says"),
        ("united-states", "russia", "aid", "US sanctions relief for Russia unlikely"),
        ("north-korea", "russia", "aid", "North Korea Denies Sending Troops to Russia"),
        ("russia", "japan", "assault", "Russia Plans Attack on Japan, Seoul Warns"),
        ("japan", "south-korea", "consult", "Japan and South Korea Cancel Talks"),
        ("japan", "ukraine", "assault", "Japan Condemns Russian Attack on Ukraine"),
    ],
)
def test_a_headline_says_no_more_than_it_says(source: str, target: str, act: str, headline: str) -> None:
    """A noun of a headline that goes on with another is no verb, and what is denied or planned is not done."""
    assert judged(source, target, act, "It rained.", title=headline) is None


@pytest.mark.parametrize(
    ("sentence", "line"),
    [
        ("North Korea sent troops to Russia.", "North Korea → Russia: sent troops (aid)"),
        ("Seoul says North Korea sent troops to Russia.", "North Korea → Russia: sent troops (aid); said by Seoul"),
        ("North Korea will send troops to Russia.", "North Korea → Russia: send troops (aid); still to come"),
        (
            "Reports that North Korea sent troops to Russia spread.",
            "North Korea → Russia: sent troops (aid); said by somebody who is not named",
        ),
        (
            "North Korea is said to have sent troops to Russia.",
            "North Korea → Russia: sent troops (aid); said by somebody who is not named",
        ),
    ],
)
def test_the_evidence_says_who_does_what_to_whom(sentence: str, line: str) -> None:
    """One line names both ends, the act in the words of the sentence, its root, and who says so."""
    verdict = judged("north-korea", "russia", "aid", sentence)

    assert verdict is not None
    assert told(verdict.hits) == [line]
