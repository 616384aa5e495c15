"""The laws of what only looks like an actor: words that hold its name, and people, towns and treaties that are called like it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import load
from bot.matching.document import Document
from bot.matching.scanning.terms import Scanner
from bot.model import Strength, Subject

SCANNER = Scanner(load(Path(__file__).parents[2] / "config", {}).catalogue)

NOBODY = [
    # Words without spaces between them
    pytest.param("沿海地区的经济增长较快。", id="zh coastal regions hold Haiti"),
    pytest.param("東海地方は雨になる。", id="ja the Tokai region holds Haiti"),
    pytest.param("发展中国家需要更多资金。", id="zh developing countries hold China"),
    pytest.param("開發中國家需要更多資金。", id="zh-Hant developing countries hold China"),
    pytest.param("欧美国家和拉美国家的代表到会。", id="zh western and Latin American countries hold the United States"),
    pytest.param("湖北约谈了一家企业。", id="zh a summons in Hubei holds NATO"),
    pytest.param("印度洋上的风暴正在减弱。", id="zh the Indian Ocean"),
    pytest.param("朝鲜半岛局势趋于稳定。", id="zh the Korean peninsula"),
    pytest.param("新几内亚岛上发现新物种。", id="zh New Guinea"),
    pytest.param("法属圭亚那发射一枚火箭。", id="zh French Guiana holds Guyana"),
    pytest.param("苏丹出席了婚礼。", id="zh a sultan"),
    pytest.param("七十七国集团发表声明。", id="zh seventy-seven hold seven"),
    pytest.param("纽约的黑山羊餐馆关门了。", id="zh black goats hold Montenegro"),
    pytest.param("约旦河西岸的定居点扩大了。", id="zh a river"),
    pytest.param("獅子山下的老街重開。", id="zh-Hant Lion Rock"),
    pytest.param("消費者マインドが改善した。", id="ja a mood holds India"),
    pytest.param("ポートアイランドの工場が閉じる。", id="ja an island holds Iran"),
    pytest.param("オリビアさんが歌う。", id="ja Olivia holds Libya"),
    pytest.param("シリアルの値上げが続く。", id="ja cereals hold Syria"),
    pytest.param("ニューギニアで新種を発見。", id="ja New Guinea"),
    pytest.param("ペルージャの大学が発表した。", id="ja Perugia holds Peru"),
    pytest.param("全国連合会が開かれ、両国連携も議題となった。", id="ja unions and links hold the United Nations"),
    pytest.param("中南米国家の首脳が集まった。", id="ja Latin American countries hold the United States"),
    pytest.param("ソウルフルな歌声だった。", id="ja soulful holds Seoul"),
    pytest.param("올리비아 로드리고가 새 노래를 냈다.", id="ko Olivia holds Libya"),
    pytest.param("피지컬 AI 기업이 늘었다.", id="ko physical holds Fiji"),
    pytest.param("부탄가스가 터졌다.", id="ko butane holds Bhutan"),
    pytest.param("아이티 기업의 실적이 좋았다.", id="ko information technology holds Haiti"),
    pytest.param("예수 그리스도를 노래했다.", id="ko Christ holds Greece"),
    pytest.param("켄터키 농장이 문을 닫았다.", id="ko Kentucky holds Turkey"),
    pytest.param("보호주의와 상호주의를 논했다.", id="ko protectionism and reciprocity hold Australia"),
    pytest.param("남한테 묻지 않았다.", id="ko to others holds South Korea"),
    pytest.param("남미국가 대표가 모였다.", id="ko South American countries hold the United States"),
    pytest.param("북한산 등산객이 늘었다.", id="ko a mountain"),
    pytest.param("태평양에서 태풍이 생겼다.", id="ko the Pacific holds Pyongyang"),
    pytest.param("스쿼드에 새 선수가 들어왔다.", id="ko a squad holds the Quad"),
    pytest.param("요르단강 서안에 정착촌이 늘었다.", id="ko a river"),
    # Words of one language that are a name in another
    pytest.param("Une tempête traverse l'océan Indien.", id="fr the Indian Ocean"),
    pytest.param("Malte Schmidt gewann das Rennen.", id="de a first name"),
    pytest.param("Das Leiden nahm kein Ende.", id="de suffering"),
    pytest.param("Bajan los precios del pan y toman medidas.", id="es prices fall and steps are taken"),
    pytest.param("Paros y matanzas: tanta gente. Tanta pena.", id="es strikes, killings, so many"),
    pytest.param("Le SMIC augmente.", id="fr the minimum wage"),
    pytest.param("Se reunieron líderes de América Latina.", id="es Latin America"),
    pytest.param("El petróleo del golfo de México.", id="es the Gulf of Mexico"),
    pytest.param("На острове Новой Гвинеи нашли птиц.", id="ru New Guinea, declined"),
    # English
    pytest.param("Attorney General Pam Bondi spoke. Bondi said more.", id="a person and a beach"),
    pytest.param("Her FICO score rose.", id="letters and a surname"),
    pytest.param("A GAO report found waste.", id="letters and a town"),
    pytest.param("PISA results fell.", id="letters and another town"),
    pytest.param("A crash closed the M23 near the airport.", id="a road and rebels"),
    pytest.param("Ruling Angers Fishermen", id="a verb in a headline"),
    pytest.param("He handed the letter to Lam and left.", id="a preposition and a name"),
    pytest.param("Ministers of Central African states met.", id="a part of a continent"),
    pytest.param("The army's Northern Command sent tanks.", id="an office that many armies have"),
    pytest.param("The Foreign Office spokesperson said so.", id="an office that several states have"),
    pytest.param("A choir sang at St. George's Chapel.", id="a saint"),
    pytest.param("He lives in Olympia, WA.", id="the letters of an American state"),
    pytest.param("The Minsk agreements failed.", id="a treaty and a capital"),
    pytest.param("It breaks the Istanbul Convention.", id="a convention and a city"),
    pytest.param("They watched a match at Stamford Bridge.", id="a stadium"),
]

SOMEBODY = [
    pytest.param("内蒙古的煤矿恢复生产。", {"china"}, id="zh Inner Mongolia is China's"),
    pytest.param("北アイルランドで選挙があった。", {"united-kingdom"}, id="ja Northern Ireland is British"),
    pytest.param("L'Irlande du Nord vote.", {"united-kingdom"}, id="fr Northern Ireland is British"),
    pytest.param("뉴멕시코에서 산불이 났다.", {"united-states"}, id="ko New Mexico is American"),
    pytest.param("조지아주 공장이 문을 열었다.", {"united-states"}, id="ko Georgia that is a state of another"),
    pytest.param("이란 외무장관이 테헤란에서 말했다.", {"iran"}, id="ko Iran, whose name is a word too"),
    pytest.param("バンコクでタイ首相が会見した。", {"thailand"}, id="ja Thailand, whose name is short"),
    pytest.param("남수단 정부와 적도기니 정부가 합의했다.", {"south-sudan", "equatorial-guinea"}, id="ko two governments"),
    pytest.param("호주 총리가 도착했다.", {"australia"}, id="ko Australia as the papers call it"),
    pytest.param("팔레스타인 대표가 연설했다.", {"palestine"}, id="ko Palestine without its territories"),
    pytest.param("ミャンマーで地震があった。", {"myanmar"}, id="ja Myanmar without Burma"),
    pytest.param("Госдеп США ответил.", {"united-states"}, id="ru the United States in letters"),
    pytest.param("阿联酋和沙特达成协议。", {"united-arab-emirates", "saudi-arabia"}, id="zh two short names"),
    pytest.param("联合国通过决议。", {"united-nations"}, id="zh the United Nations"),
    pytest.param("ロシアメディアが伝えた。", {"russia"}, id="ja a katakana word goes on behind a name"),
    pytest.param("He lives in the Irish Free State.", {"ireland"}, id="a state of the past that holds a region of another"),
    pytest.param("The Bosnian Serb leader resigned.", {"bosnia-and-herzegovina"}, id="whose people they are"),
]


def surely_named(text: str) -> set[str]:
    """Return the actors that a text names whatever else it says."""
    hits = SCANNER.scan(Document(title="", text=text, headless=True, language="en"))
    found = {hit.leaf.id for hit in hits if hit.strength is Strength.STRONG and isinstance(hit.leaf, Subject)}
    return {subject.removeprefix("actor:") for subject in found if subject.startswith("actor:")}


@pytest.mark.parametrize("text", NOBODY)
def test_what_only_looks_like_a_name_names_nobody(text: str) -> None:
    """Nobody is surely named by a word, a person, a town or a treaty that holds a name or looks like one."""
    assert surely_named(text) == set()


@pytest.mark.parametrize(("text", "actors"), SOMEBODY)
def test_a_name_is_whose_it_is(text: str, actors: set[str]) -> None:
    """A short name of the papers finds its state, and what holds the name of another belongs to the one it is part of."""
    assert surely_named(text) == actors
