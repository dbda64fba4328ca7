from ninja import Router

router = Router()


@router.get("/inherits")
def inherits(request):
    return "in"
