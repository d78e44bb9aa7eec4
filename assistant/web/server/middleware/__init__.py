"""What each request passes on its way in, a layer a concern; `front.py` says in which order.

Each is an ASGI application around another. What it finds out it writes into the `Exchange`; whom it turns away it raises a `Refusal` for.
"""
