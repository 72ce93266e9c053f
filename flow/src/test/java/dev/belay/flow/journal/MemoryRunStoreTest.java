package dev.belay.flow.journal;

class MemoryRunStoreTest extends RunStoreContract {
  @Override
  protected RunStore empty() {
    return new MemoryRunStore();
  }
}
