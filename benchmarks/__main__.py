"""Run every benchmark."""

from benchmarks import cascade, outbox, polling, running

cascade.main()
running.main()
outbox.main()
polling.main()
