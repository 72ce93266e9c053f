package dev.belay.flow.run;

import dev.belay.flow.BackendSettings;
import dev.belay.flow.RunEngine;
import dev.belay.flow.backend.Backend;
import dev.belay.flow.journal.MemoryRunStore;
import java.nio.file.Path;
import java.util.function.Function;

class LocalEngineContractTest extends RunEngineContract {
  private final MemoryRunStore store = new MemoryRunStore();

  @Override
  protected RunEngine engine(Function<BackendSettings, Backend> backends, Path files) {
    return LocalEngine.builder(store, backends, files).build();
  }
}
