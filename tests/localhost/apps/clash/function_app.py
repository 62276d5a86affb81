"""Two functions of one name: such an app has no functions at all."""

import azure.functions as func

app = func.FunctionApp()


@app.route(route="one")
@app.function_name("same")
def one(req: func.HttpRequest) -> str:
    return "1"


@app.route(route="two")
@app.function_name("same")
def two(req: func.HttpRequest) -> str:
    return "2"
