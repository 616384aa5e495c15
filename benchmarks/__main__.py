"""Run every benchmark."""

from benchmarks import backtest, cascade, drop, outbox, polling, pruning, rounds, running, watches

cascade.main()
watches.main()
backtest.main()
running.main()
outbox.main()
drop.main()
pruning.main()
polling.main()
rounds.main()
