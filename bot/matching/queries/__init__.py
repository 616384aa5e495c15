"""The watch language: how it is read, what names mean in it to each server, and how it is written."""
