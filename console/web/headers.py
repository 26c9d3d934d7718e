"""Headers on every answer, errors included, and the promise that no redirect leaves the site."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request

from console.web.paths import safe_next

NOWHERE = "no-store"  # where pages may be kept
# What no page of ours has a use for.
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "screen-wake-lock",
        "serial",
        "usb",
    )
)


def init_app(app: Flask) -> None:
    """Work the policy out once, and set it on every answer."""
    app.extensions["headers"] = _everywhere(app)
    app.after_request(_keep_redirects_here)
    app.after_request(_set_headers)


def _policy(htmx_url: str) -> str:
    parts = urlsplit(htmx_url)
    scripts = "'self'" + (f" {parts.scheme}://{parts.netloc}" if parts.netloc else "")
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {scripts}",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def _everywhere(app: Flask) -> dict[str, str]:
    """What every answer carries."""
    headers = {
        "Content-Security-Policy": _policy(app.config["HTMX_URL"]),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        # Not no-referrer: over https a form's origin is checked by its referrer.
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": PERMISSIONS,
    }
    if app.config["APP_ENV"] == "production":
        headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    return headers


def of_pages(app: Flask) -> dict[str, str]:
    """What every answer carries that is no static file."""
    return {**app.extensions["headers"], "Cache-Control": NOWHERE}


def _set_headers(response: Response) -> Response:
    headers = response.headers
    set_already = {name.lower() for name, _value in headers}
    for name, value in current_app.extensions["headers"].items():
        if name.lower() not in set_already:
            headers.add(name, value)
    if request.endpoint not in {"static", "bootstrap.static"} or response.status_code >= 400:
        headers["Cache-Control"] = NOWHERE
    if request_id := g.get("request_id"):
        headers["X-Request-ID"] = request_id
    return response


def _keep_redirects_here(response: Response) -> Response:
    """A Location is a path on this origin, whoever made it; else it leads home."""
    location = response.headers.get("Location")
    if location is None:
        return response
    parts = urlsplit(location)
    if parts.scheme in {"http", "https"} and parts.netloc == request.host:
        location = location.split(parts.netloc, 1)[1] or "/"
    response.headers["Location"] = safe_next(location) or "/"
    if response.status_code == 302 and request.method == "POST":
        response.status_code = 303  # the next request is a GET, for every client
    return response
