package dev.belay.chaos.report;

import dev.belay.chaos.session.SessionSpec;
import dev.belay.chaos.space.SearchSpace;
import dev.belay.chaos.space.SpaceReader;
import dev.belay.chaos.wire.Json;
import java.util.Optional;

/** The spaces of dimensions that sessions search. */
final class Spaces {
  private Spaces() {}

  /** That of a session; none if it searches what traces show. */
  static Optional<SearchSpace> of(SessionSpec spec) {
    return Json.read(spec.space()).has("dimensions")
        ? Optional.of(SpaceReader.read("the session", "search_space", spec.space()))
        : Optional.empty();
  }
}
