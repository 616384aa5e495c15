"""The real program against the fake service: told once, whatever breaks."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest

from .desk import WATCHES, Desk, title_of
from .fake import OPERATOR
from .faults import BAD_GATEWAY, HANG_STORED, LOST_REPLY, RESET, UNAUTHORIZED, Fault, too_many
from .process import IMPATIENT, LOOK_EVERY_S
from .waiting import PATIENCE_S


async def test_a_file_and_an_item_are_each_told_once_and_not_again_after_a_kill(desk: Desk) -> None:
    """What was told before a kill -9 is not told after it, and what comes meanwhile is."""
    desk.choose_model()
    with desk.bot() as bot:
        await desk.fake.message(desk.fake.news)
        desk.drop("ministry.txt", "The North Korean ministry replied. Pyongyang said no more.")
        await desk.fake.message(desk.fake.news)
        await bot.kill()
    desk.publish(2, 1)
    with desk.bot() as bot:
        await desk.fake.message(desk.fake.news)
        await desk.feeds.answered("/feed", times=len(desk.feeds.requests("/feed")) + 1)
        ended = await bot.stop()

    assert [title.rstrip(".") for title in desk.titles()] == [
        "Pyongyang statement 1",
        "The North Korean ministry replied",
        "Pyongyang statement 2",
    ]
    assert ended.code == 0  # an end that takes too long is no 0


async def test_a_file_that_came_while_the_bot_was_down_is_told_at_its_start(desk: Desk) -> None:
    """Nobody watched the folder meanwhile, so it is looked at at once, whenever its next look would be."""
    with desk.bot("run", "--once") as before:
        await before.wait()
    desk.drop("ministry.txt", "The North Korean ministry replied. Pyongyang said no more.")
    with desk.bot() as bot:
        await bot.during(desk.fake.until(lambda: "The North Korean ministry replied." in desk.titles()))

    assert desk.titles() == ["Pyongyang statement 1", "The North Korean ministry replied."]


async def test_a_card_holds_the_evidence_and_why_explains_it(desk: Desk) -> None:
    """A card quotes the sentence with the match in bold, and `Why?` tells the asker alone which watch and alias it was."""
    with desk.bot():
        card = await desk.fake.message(desk.fake.news)
        [why, *_] = [button for row in card.data["components"] for button in row["components"] if "custom_id" in button]
        answer = await desk.fake.click(card, str(why["custom_id"]))

    assert "**North Korea** issued statement 1" in str(card.embeds[0]["description"])
    assert answer.message is not None
    assert answer.message.ephemeral
    assert "North Korea" in str(answer.message.embeds)


async def test_an_alert_can_be_judged_and_its_article_explained(desk: Desk) -> None:
    """A voice under a card counts in the report of its watch, and `/why` says where the article was told."""
    with desk.bot():
        card = await desk.fake.message(desk.fake.news)
        buttons = [button for row in card.data["components"] for button in row["components"]]
        [no] = [str(button["custom_id"]) for button in buttons if button["label"] == "Not relevant"]
        voice = await desk.fake.click(card, no)
        report = await desk.fake.slash(desk.fake.news, "watch report", {"name": "North Korea"})
        why = await desk.fake.slash(desk.fake.news, "why", {"url": "1"})

    assert voice.message is not None
    assert voice.message.ephemeral
    assert "Noted as not relevant for North Korea" in str(voice.message.data["content"])
    assert "0 of 1 judged alerts" in str(report.message and report.message.embeds)
    assert "Told in <#" in str(why.message and why.message.embeds)


async def test_the_archive_answers_slash_commands(desk: Desk) -> None:
    """`/latest`, `/search`, `/watch`, `/feed` and `/status` answer the asker alone, from the archive."""
    with desk.bot():
        await desk.fake.message(desk.fake.news)
        asked = {
            "latest": {},
            "search": {"query": "north korea statement"},
            "watch list": {},
            "watch show": {"name": "North Korea"},
            "feed list": {},
            "status": {},
            "help": {},
        }
        answers = {name: await desk.fake.slash(desk.fake.news, name, options) for name, options in asked.items()}
        offered = await desk.fake.autocomplete(desk.fake.news, "latest", "watch", "nor")

    shown = {name: answer.message for name, answer in answers.items()}
    assert all(message is not None and message.ephemeral for message in shown.values())
    assert [choice["name"] for choice in offered] == ["North Korea"]
    assert "Pyongyang statement 1" in str(shown["latest"] and shown["latest"].embeds)
    assert "Wire" in str(shown["feed list"] and shown["feed list"].embeds)


async def test_setup_moves_the_alerts_and_shows_that_it_works(desk: Desk) -> None:
    """`/setup channel` posts a test alert in the new channel, and the next alert goes there and only there."""
    elsewhere = desk.fake.world.add_channel(desk.fake.guild, "desk")
    with desk.bot():
        await desk.fake.message(desk.fake.news)
        await desk.fake.slash(desk.fake.news, "setup channel", {"channel": str(elsewhere.id)}, permissions=OPERATOR)
        test = await desk.fake.message(elsewhere)
        desk.publish(2, 1)
        told = await desk.fake.message(elsewhere)

    assert "Test alert" in str(test.embeds[0])
    assert (title_of(told), desk.titles()) == ("Pyongyang statement 2", ["Pyongyang statement 1"])


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(RESET, id="connection reset"),
        pytest.param(LOST_REPLY, id="stored, and the answer lost"),
        pytest.param(BAD_GATEWAY, id="502"),
        pytest.param(too_many(0.2), id="429"),
    ],
)
async def test_a_request_that_fails_makes_one_message(desk: Desk, fault: Fault) -> None:
    """Whatever happens to the request, the channel shows the alert once."""
    desk.fake.fail_posts(fault)
    with desk.bot() as bot:
        await desk.fake.until(lambda: any(call.status == 200 for call in desk.fake.posts))
        await bot.line('"outcome": "sent"')
        await bot.stop()

    assert desk.titles() == ["Pyongyang statement 1"]
    assert len({call.body["nonce"] for call in desk.fake.posts if call.body}) == 1


async def test_a_kill_between_post_and_record_repeats_nothing(desk: Desk) -> None:
    """An alert that was stored while the bot was killed is found again by its nonce."""
    desk.fake.fail_posts(HANG_STORED)
    with desk.bot() as bot:
        await desk.fake.message(desk.fake.news)
        await bot.kill()
    with desk.bot() as bot:
        await bot.line('"outcome": "sent"')
        await bot.stop()

    assert desk.titles() == ["Pyongyang statement 1"]


async def test_a_gateway_that_is_away_at_the_start_keeps_no_alert_waiting(desk: Desk) -> None:
    """Alerts need no gateway; once it is back the bot connects by itself, and the log names what was the matter in one line."""
    desk.fake.gateway.away = True
    with desk.bot() as bot:
        await bot.during(desk.fake.message(desk.fake.news))
        await bot.line("Attempting a reconnect")
        desk.fake.gateway.away = False
        await bot.during(desk.fake.connected())
        ended = await bot.stop()

    assert ended.code == 0
    assert "Traceback" not in bot.output


async def test_a_gateway_that_hangs_up_at_once_is_tried_again(desk: Desk) -> None:
    """A connection that is lost before its first word is no end of the bot."""
    desk.fake.gateway.hang_ups = 1
    with desk.bot() as bot:
        await bot.during(desk.fake.connected())
        ended = await bot.stop()

    assert (ended.code, desk.fake.gateway.hang_ups) == (0, 0)
    assert "Traceback" not in bot.output


async def test_a_token_that_is_refused_ends_with_77_and_one_line(desk: Desk) -> None:
    """A refused token is one sentence and exit code 77, and the token stands nowhere in the output."""
    wrong = desk.fake.token[:-4] + "oops"
    with desk.bot(DISCORD_TOKEN=wrong) as bot:
        ended = await bot.wait()

    assert ended.code == 77
    assert "DISCORD_TOKEN" in bot.output
    assert "Traceback" not in bot.output
    assert wrong not in bot.output
    assert not (desk.home / "var").exists()


async def test_a_token_that_is_revoked_while_running_ends_with_77(desk: Desk) -> None:
    """A token that is refused while running ends the bot, so that it does not run into a ban."""
    desk.fake.fail_posts(*[UNAUTHORIZED] * 5)
    with desk.bot() as bot:
        ended = await bot.wait()

    assert ended.code == 77


async def test_a_second_copy_is_refused(desk: Desk) -> None:
    """A second copy on the same archive says so and ends with 75; the first one goes on."""
    with desk.bot() as first:
        await desk.fake.message(desk.fake.news)
        with desk.bot() as second:
            ended = await second.wait()
        alive = first.alive

    assert (ended.code, alive) == (75, True)
    assert "A bot already runs" in second.output


async def test_ctrl_c_in_a_terminal_run_ends_in_order(desk: Desk) -> None:
    """Without a token the alert is printed, and Ctrl-C ends with 0."""
    with desk.bot(DISCORD_TOKEN="") as bot:
        await bot.line("Pyongyang statement 1")
        ended = await bot.stop(by=signal.SIGINT)

    assert ended.code == 0
    assert "Traceback" not in bot.output
    assert desk.fake.calls == []


@pytest.mark.parametrize(("broken", "code"), [(False, 0), (True, 1)], ids=["all well", "a source failed"])
async def test_one_round_ends_with_the_state_of_the_sources(desk: Desk, *, broken: bool, code: int) -> None:
    """`run --once` tells what there is and ends with 0, or with 1 if a source failed."""
    if broken:
        desk.inbox.rmdir()
    with desk.bot("run", "--once") as bot:
        ended = await bot.wait()

    assert ended.code == code
    assert desk.titles() == ["Pyongyang statement 1"]


async def test_a_config_that_is_wrong_writes_nothing(desk: Desk) -> None:
    """A fault in a query is one line that names file and key, then its place; exit code 78, and no file is written."""
    (desk.home / "config" / "watches.toml").write_text(WATCHES.replace("north-korea", "north-korae"))
    with desk.bot() as bot:
        ended = await bot.wait()

    line, _, caret = bot.output_lines
    assert ended.code == 78
    assert caret.strip() == "^"
    assert "watches.toml" in line
    assert "north-korea" in line
    assert not (desk.home / "var").exists()


async def test_a_loop_that_hangs_ends_the_process(desk: Desk) -> None:
    """A bot whose event loop is blocked ends with 70 and one sentence, and shows where it hung."""
    with desk.bot(launcher=IMPATIENT) as bot:
        await desk.fake.message(desk.fake.news)
        (desk.home / "hang").touch()
        ended = await bot.wait()

    [line] = [json.loads(line) for line in bot.output_lines if '"critical"' in line]
    assert ended.code == 70
    assert line["reason"].startswith("The event loop has hung for")
    assert "in hang_or_tick" in bot.output


async def test_a_delivery_that_hangs_ends_the_process_and_is_told_once_by_the_next(desk: Desk) -> None:
    """A bot whose request never ends is ended with 70, and started anew it tells that alert, once."""
    desk.fake.fail_posts(HANG_STORED)
    with desk.bot(launcher=IMPATIENT) as bot:
        ended = await bot.wait()
    with desk.bot() as again:
        await again.line('"outcome": "sent"')
        await again.stop()

    assert ended.code == 70
    assert "A delivery has hung for" in bot.output
    assert desk.titles() == ["Pyongyang statement 1"]


async def test_a_process_that_was_stopped_for_a_while_goes_on(desk: Desk) -> None:
    """A machine that slept longer than the watchdog is patient finds its bot at work."""
    with desk.bot(launcher=IMPATIENT) as bot:
        await desk.fake.message(desk.fake.news)
        os.kill(bot.pid, signal.SIGSTOP)
        await asyncio.sleep(4)  # longer than the patience of three seconds
        os.kill(bot.pid, signal.SIGCONT)
        desk.publish(2, 1)
        await bot.during(desk.fake.message(desk.fake.news))
        ended = await bot.stop()

    assert ended.code == 0


async def test_no_worker_outlives_a_kill(desk: Desk) -> None:
    """The worker processes of a bot that was killed end by themselves."""
    with desk.bot() as bot:
        await desk.fake.message(desk.fake.news)
        workers = bot.left_behind
        await bot.kill()
        async with asyncio.timeout(PATIENCE_S):
            while bot.left_behind:
                await asyncio.sleep(LOOK_EVERY_S)

    assert workers


async def test_a_bot_that_is_started_again_and_again_spares_its_sessions(desk: Desk) -> None:
    """After many starts in a few minutes the next one waits with the gateway, and tells its alerts all the same."""
    with desk.bot("migrate") as before:
        await before.wait()
    began = json.dumps([datetime.now(UTC).isoformat()] * 30)
    with closing(sqlite3.connect(desk.home / "var" / "sitrep.db")) as archive, archive:
        archive.execute("insert into notes (key, value, at) values ('gateway sessions', ?, '')", [began])
    with desk.bot() as bot:
        await desk.fake.message(desk.fake.news)
        line = await bot.line("too many sessions were begun lately")
        ended = await bot.stop()

    assert '"wait_s": 5' in line  # just under ten minutes
    assert (desk.fake.gateway.identifies, ended.code) == (0, 0)
