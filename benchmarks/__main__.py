"""Run every benchmark."""

from benchmarks import cascade, drop, outbox, running

cascade.main()
running.main()
outbox.main()
drop.main()
