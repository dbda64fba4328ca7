from django.conf import settings

POLICIES = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def policies(get_response):
    def middleware(request):
        response = get_response(request)
        for name, value in {**POLICIES, **settings.CHANGES.get("headers", {})}.items():
            if value:
                response.headers[name] = value
            elif name in response.headers:
                del response.headers[name]
        return response

    return middleware
