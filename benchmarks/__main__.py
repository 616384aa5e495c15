"""Run every benchmark."""

from benchmarks import cascade, outbox, polling, pruning, running

cascade.main()
running.main()
outbox.main()
pruning.main()
polling.main()
