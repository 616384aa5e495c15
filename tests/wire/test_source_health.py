"""The real program and a feed that is gone for good: the operators' channel hears of it once, and once when it is back."""

from __future__ import annotations

from .desk import Desk
from .fake import OPERATOR
from .feeds import Trouble
from .process import WATCHFUL
from .state import Channel

GONE = Trouble(status=410)


def operators_of(desk: Desk) -> Channel:
    """Open a channel for those who run the bot, and name it in the settings."""
    channel = desk.fake.world.add_channel(desk.fake.guild, "operators")
    settings = desk.home / "config" / "settings.toml"
    settings.write_text(f"{settings.read_text()}[telling]\noperators_channel = {channel.id}\n")
    return channel


async def test_a_feed_that_is_gone_is_told_once_and_once_when_it_is_back(desk: Desk) -> None:
    """After a 410 that was confirmed there is one notice, a kill makes no second one, and one of its recovery; `/status` knows."""
    operators = operators_of(desk)
    with desk.bot(launcher=WATCHFUL) as bot:
        await desk.feeds.answered("/feed")
        desk.feeds.fail("/feed", *[GONE] * 50)
        death = await desk.fake.message(operators)
        ill = await desk.fake.slash(desk.fake.news, "status", permissions=OPERATOR)
        gone = [one for one in desk.feeds.requests("/feed") if one.status == GONE.status]
        await bot.kill()
    desk.feeds.mend("/feed")
    with desk.bot(launcher=WATCHFUL) as bot:
        with desk.bot("feed", "resume", "Wire") as beside:
            assert (await beside.wait()).code == 0
        recovery = await desk.fake.message(operators)
        well = await desk.fake.slash(desk.fake.news, "status", permissions=OPERATOR)
        await bot.stop()

    assert str(death.embeds[0]["title"]) == "Wire is dead"
    assert "410" in death.text()
    assert len(gone) == 2
    assert str(recovery.embeds[0]["title"]) == "Wire is well again"
    assert len(desk.fake.messages(operators)) == 2
    assert "1 of 2 sources" in ill.message.text()
    assert "2 of 2 sources" in well.message.text()
