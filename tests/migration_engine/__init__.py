"""The migration against a real Camunda 7 engine, which `make test-migration` builds."""
