"""Register, show and remove services."""

from taskdock.domain.errors import NotFound, StateConflict
from taskdock.domain.identifiers import is_identifier
from taskdock.domain.query.read_specs import ByIndex, Index, everywhere
from taskdock.use_cases.ports import Service, ServiceRegistry, TaskStore


def find_service(services: ServiceRegistry, sid: str) -> Service:
    """The service of that name; raises `NotFound`."""
    service = services.get(sid) if is_identifier(sid) else None
    if service is None:
        raise NotFound(f"No service with sid {sid}")
    return service


def register_service(services: ServiceRegistry, service: Service) -> tuple[Service, bool]:
    """The registered service, and whether it is new. It replaces an earlier registration of the
    same sid.
    """
    return service, services.put(service)


def remove_service(services: ServiceRegistry, store: TaskStore, sid: str) -> None:
    """Remove the service.

    Raises `NotFound`, and `StateConflict` when it has open tasks. A task created at the same moment
    may be missed; it stays as it is, and the service can be registered again.
    """
    find_service(services, sid)
    its_tasks = ByIndex(Index.SERVICE, (sid,), everywhere(store.tenants()))
    if any(store.page(single, limit=1).documents for single in its_tasks.singles):
        raise StateConflict(f"Service {sid} has open tasks.")
    if not services.remove(sid):
        raise NotFound(f"No service with sid {sid}")
