"""Who calls the tasks of the pipeline: here a runner inside this process."""
