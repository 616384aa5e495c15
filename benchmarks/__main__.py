"""Run every benchmark."""

from benchmarks import cascade, outbox, pruning, running

cascade.main()
running.main()
outbox.main()
pruning.main()
