"""Columns kept in memory, and compactions that run when a test says so."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from threading import RLock
from uuid import uuid4

from taskdock.domain.columns.manifest import Head
from taskdock.domain.instants import Instant
from taskdock.domain.query.read_specs import Tenant
from taskdock.use_cases.columns.column_store import Kept, Work


class InMemoryColumnStore:
    """`ColumnStore`; its objects can be damaged."""

    def __init__(self, now: Callable[[], Instant]) -> None:
        self._now = now
        self._lock = RLock()
        self.kept: dict[str, bytes] = {}
        self.made: dict[str, Instant] = {}
        self.by_tenant: dict[Tenant, Head] = {}
        self.works: dict[Tenant, Work] = {}
        self.reads = 0

    def heads(self, tenants: Sequence[Tenant]) -> Mapping[Tenant, Head]:
        return {each: self.by_tenant[each] for each in tenants if each in self.by_tenant}

    def swap(self, tenant: Tenant, head: Head, owner: str) -> bool:
        with self._lock:
            if not self._is_owner(tenant, owner):
                return False
            before = self.by_tenant.get(tenant)
            if (0 if before is None else before.number) != head.number - 1:
                return False
            self.by_tenant[tenant] = head
            return True

    def drop(self, tenant: Tenant) -> None:
        with self._lock:
            self.by_tenant.pop(tenant, None)
            self.works.pop(tenant, None)

    def begin(self, tenant: Tenant, work: Work, now: Instant) -> Work | None:
        with self._lock:
            noted = self.works.get(tenant)
            if noted is not None and noted.owner != work.owner and noted.until > now:
                return None
            self.works[tenant] = work
            return work if noted is None else work._replace(progress=noted.progress)

    def go_on(self, tenant: Tenant, work: Work) -> bool:
        with self._lock:
            is_ours = self._is_owner(tenant, work.owner)
            if is_ours:
                self.works[tenant] = work
            return is_ours

    def end(self, tenant: Tenant, owner: str) -> None:
        with self._lock:
            if self._is_owner(tenant, owner):
                del self.works[tenant]

    def _is_owner(self, tenant: Tenant, owner: str) -> bool:
        noted = self.works.get(tenant)
        return noted is not None and noted.owner == owner

    def put(self, tenant: Tenant, content: bytes) -> str:
        name = f"{tenant}/{uuid4().hex}"
        self.kept[name], self.made[name] = content, self._now()
        return name

    def read(self, name: str, offset: int = 0, length: int | None = None) -> bytes | None:
        self.reads += 1
        content = self.kept.get(name)
        if content is None or length is None:
            return content
        return content[offset : offset + length]

    def objects(self, tenant: Tenant) -> Iterable[Kept]:
        prefix = f"{tenant}/"
        return [Kept(name, self.made[name]) for name in self.kept if name.startswith(prefix)]

    def remove(self, names: Sequence[str]) -> None:
        for name in names:
            self.kept.pop(name, None)


class AskedCompactions:
    """`Compactions` that notes who was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[Tenant, bool]] = []

    def ask(self, tenant: Tenant, *, anew: bool = False) -> None:
        self.asked.append((tenant, anew))
