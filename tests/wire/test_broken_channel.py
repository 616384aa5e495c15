"""The real program and a channel that refuses: nothing is lost, who can mend it is told once, and there is a way out."""

from __future__ import annotations

import json

from .desk import Desk, title_of
from .fake import OPERATOR
from .faults import HANG_STORED, MISSING_PERMISSIONS, TITLE_TOO_LONG
from .routes import Call
from .state import NOTHING, Permission

REPLIES = ("The first reply of North Korea", "The second reply of North Korea")


def drop_two(desk: Desk) -> None:
    """Put two articles into the drop folder at once."""
    records = [{"id": title, "title": title, "text": f"{title} came late."} for title in REPLIES]
    desk.drop("replies.jsonl", "".join(json.dumps(record) + "\n" for record in records))


async def listed(desk: Desk, *words: str) -> list[str]:
    """Return what `deliveries` prints beside the bot that runs."""
    with desk.bot("deliveries", *words) as beside:
        assert (await beside.wait()).code == 0
    return beside.output_lines


async def test_a_channel_that_is_deleted_loses_nothing(desk: Desk) -> None:
    """Its alerts are held and listed, the owner is told once and can dismiss it, and `/setup` elsewhere tells them."""
    elsewhere = desk.fake.world.add_channel(desk.fake.guild, "desk")
    with desk.bot() as bot:
        await desk.fake.message(desk.fake.news)
        await desk.fake.delete_channel(desk.fake.news)
        drop_two(desk)
        [notice] = await desk.fake.until(lambda: desk.fake.owners_messages)
        held = await desk.fake.until(lambda: held_by(desk))
        lines = await listed(desk)
        await desk.fake.slash(elsewhere, "setup channel", {"channel": elsewhere}, permissions=OPERATOR)
        posted = [await desk.fake.message(elsewhere) for _ in range(3)]
        [dismiss] = [str(control["custom_id"]) for control in notice.controls()]
        dismissed = await desk.fake.click(notice, dismiss, person=desk.fake.world.owner)
        await bot.stop()

    assert "404 (10003) Unknown Channel" in notice.text()
    assert "2 alerts wait" in notice.text()
    assert "/setup channel" in notice.text()
    assert [" · held · " in line for line in lines] == [True, False, False] * 2
    [test] = [one for one in posted if "Test alert" in one.text()]
    assert {title_of(one) for one in posted if one is not test} == set(REPLIES)
    assert (dismissed.removed, desk.fake.owners_messages, len(held)) == (True, [], 1)


def held_by(desk: Desk) -> list[Call]:
    """Return the posts that a deleted channel has refused."""
    return [call for call in desk.fake.posts if call.status == 404]


async def test_a_notice_that_was_posted_when_the_bot_was_killed_is_not_repeated(desk: Desk) -> None:
    """A notice is found again among the owner's direct messages, even where Discord has forgotten its nonce."""
    desk.fake.news.overwrites[desk.fake.guild.id] = (NOTHING, Permission.SEND_MESSAGES)
    desk.fake.fail_posts(MISSING_PERMISSIONS, HANG_STORED)
    with desk.bot() as bot:
        await desk.fake.until(lambda: desk.fake.owners_messages)
        await bot.kill()
    desk.fake.world.forget_nonces()
    with desk.bot() as bot:
        line = await bot.line('"to": "managers:')
        await bot.stop()

    assert '"outcome": "sent"' in line
    assert len(desk.fake.owners_messages) == 1


async def test_a_channel_that_is_allowed_again_is_told_by_resend(desk: Desk) -> None:
    """`deliveries --resend all`, beside the bot, tells what was held, and what comes later needs no word."""
    desk.fake.news.overwrites[desk.fake.guild.id] = (NOTHING, Permission.SEND_MESSAGES)
    desk.publish()
    drop_two(desk)
    with desk.bot() as bot:
        [notice] = await desk.fake.until(lambda: desk.fake.owners_messages)
        desk.fake.news.overwrites.clear()
        answer = await listed(desk, "--resend", "all")
        for _ in range(2):
            await desk.fake.message(desk.fake.news)
        desk.publish(1)
        await desk.fake.message(desk.fake.news)
        left = await listed(desk)
        await bot.stop()

    assert "Allow Send Messages" in notice.text()
    assert (answer, left) == (["2 deliveries will be told again."], ["Nothing is stuck."])
    assert len(desk.fake.owners_messages) == 1


async def test_an_alert_that_discord_refuses_is_dead_and_the_next_goes_on(desk: Desk) -> None:
    """A 400 is in the log as an error with Discord's own path, and in the list; it holds up nothing."""
    desk.fake.fail_posts(TITLE_TOO_LONG)
    with desk.bot() as bot:
        line = await bot.line('"outcome": "refused"')
        desk.publish(2, 1)
        told = await desk.fake.message(desk.fake.news)
        lines = await listed(desk)
        await bot.stop()

    assert "In embeds.0.title: Must be 256 or fewer in length." in line
    assert '"level": "error"' in line
    assert (title_of(told), desk.titles()) == ("Pyongyang statement 2", ["Pyongyang statement 2"])
    assert " · dead · " in lines[0]
    assert lines[1:] == [
        "  Pyongyang statement 1",
        "  400 (50035) Invalid Form Body; In embeds.0.title: Must be 256 or fewer in length.",
    ]


async def test_the_status_tells_what_is_stuck_for_its_managers(desk: Desk) -> None:
    """The buttons of `/status` work at the wire, for managers alone."""
    desk.fake.fail_posts(TITLE_TOO_LONG)
    with desk.bot() as bot:
        await bot.line('"outcome": "refused"')
        status = await desk.fake.slash(desk.fake.news, "status", permissions=OPERATOR)
        refused = await desk.fake.click(status.message, "stuck:resend")
        answer = await desk.fake.click(status.message, "stuck:resend", permissions=OPERATOR)
        await desk.fake.message(desk.fake.news)
        await bot.stop()

    assert "Manage Server" in refused.message.content
    assert answer.message.content == "1 message is on the way."
    assert desk.titles() == ["Pyongyang statement 1"]
