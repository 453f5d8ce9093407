"""Checking a link in Django."""

from django.http import HttpRequest, HttpResponse

import linkmint

VERIFIER = linkmint.Verifier(linkmint.Keyring.load(), expect={"campaign_id": "spring26"})


def promotion(request: HttpRequest, token: str) -> HttpResponse:
    try:
        customer = VERIFIER.verify(token).claims["customer_id"]
    except linkmint.Expired:
        return HttpResponse("This offer has ended.", status=410)
    except linkmint.Refused:
        return HttpResponse("This link is not valid.", status=404)
    return HttpResponse(f"Ten percent for customer {customer}")
