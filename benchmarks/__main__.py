"""Run every benchmark."""

from benchmarks import cascade, drop, outbox, polling, pruning, rounds, running

cascade.main()
running.main()
outbox.main()
drop.main()
pruning.main()
polling.main()
rounds.main()
