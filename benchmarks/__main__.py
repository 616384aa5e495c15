"""Run every benchmark."""

from benchmarks import cascade, running

cascade.main()
running.main()
