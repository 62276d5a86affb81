"""TheoGen's table of contents: every blueprint on the one app."""

import azure.durable_functions as df
import azure.functions as func

from functions.activities import business, coding, corpus, dead_letters, intake, members, reading, theory
from functions.orchestrators import code_document, code_interviews, generate_theory, import_document
from functions.triggers import (
    batches_http,
    dead_letters_http,
    documents_http,
    fleet_http,
    housekeeping_timer,
    operations_http,
    principal,
    projects_http,
    records_http,
    search_http,
    theory_http,
    uploads_blob,
    warmup,
    work_queues,
)

principal.check_place()

app = df.DFApp(http_auth_level=func.AuthLevel.FUNCTION)

# Triggers start.
app.register_functions(projects_http.bp)
app.register_functions(documents_http.bp)
app.register_functions(records_http.bp)
app.register_functions(theory_http.bp)
app.register_functions(search_http.bp)
app.register_functions(operations_http.bp)
app.register_functions(fleet_http.bp)
app.register_functions(uploads_blob.bp)
app.register_functions(batches_http.bp)
app.register_functions(dead_letters_http.bp)
app.register_functions(work_queues.bp)
app.register_functions(housekeeping_timer.bp)
app.register_functions(warmup.bp)

# Orchestrators decide.
app.register_functions(import_document.bp)
app.register_functions(generate_theory.bp)
app.register_functions(code_interviews.bp)
app.register_functions(code_document.bp)

# Activities do.
app.register_functions(intake.bp)
app.register_functions(members.bp)
app.register_functions(reading.bp)
app.register_functions(business.bp)
app.register_functions(corpus.bp)
app.register_functions(coding.bp)
app.register_functions(theory.bp)
app.register_functions(dead_letters.bp)
