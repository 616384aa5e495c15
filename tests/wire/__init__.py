"""A small Discord on the loopback, spoken to by the real client: gateway, routes, limits, faults, and people who press buttons.

    async with FakeDiscord() as fake, FeedServer() as feeds:
        env = {"DISCORD_TOKEN": fake.token, "DISCORD_CHANNEL_ID": str(fake.news.id)}
        with BotProcess(fake, "run", "--config", str(folder), cwd=folder, env=env) as bot:
            message = await bot.during(fake.message(fake.news))
            reply = await bot.during(fake.click(message, "why:1"))
            await bot.kill()

Discord's own description of its interface is asked about every body where `$DISCORD_OPENAPI` names the file.
"""
