"""Turns a source into drafts: feeds over guarded requests, folders over complete files. It stores nothing and alerts nobody.

Nothing is imported here, so that a worker process that parses one feed loads neither the HTTP client nor the folder reader.
"""
