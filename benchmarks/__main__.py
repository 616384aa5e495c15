"""Run every benchmark."""

from benchmarks import cascade, outbox, running

cascade.main()
running.main()
outbox.main()
