"""Addresses of pages: which spellings are of one and the same."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit


def spellings(url: str) -> list[str]:
    """The ways in which one address is commonly spelt: with http and https, www. and none, a last slash and none.

    The port that goes without saying is left out, the host is in small letters; what is not a web address is given back
    as it is.
    """
    url = url.strip()
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        port = parts.port
    except ValueError:
        return [url]
    host = (parts.hostname or "").removeprefix("www.")
    if parts.scheme.lower() not in ("http", "https") or "." not in host or parts.username:
        return [url]
    place = host if port in (None, 80, 443) else f"{host}:{port}"
    path = parts.path.rstrip("/")
    found = [
        urlunsplit((scheme, www + place, path + slash, parts.query, parts.fragment))
        for scheme in ("https", "http")
        for www in ("", "www.")
        for slash in ("", "/")
    ]
    return list(dict.fromkeys([url, *found]))


def canonical(url: str) -> str:
    """A URL in the form by which two spellings of one address are told to be the same."""
    url = url.strip()
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    path = "" if parts.path == "/" and not parts.query else parts.path
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), path, parts.query, parts.fragment))
