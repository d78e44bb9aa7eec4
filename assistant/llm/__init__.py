"""Language models: any of them by one setting, streamed, with limits on time and length, and left alone while they are down.

It has never heard of a report: messages go in, text comes out.
"""
