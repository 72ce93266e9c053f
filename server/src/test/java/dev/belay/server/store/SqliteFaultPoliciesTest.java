package dev.belay.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.chaos.inject.FaultPolicyStore;
import dev.belay.chaos.inject.FaultPolicyStore.Kept;
import dev.belay.chaos.inject.FaultPolicyStore.Standing;
import dev.belay.chaos.inject.PolicyDocument;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SqliteFaultPoliciesTest {
  private static final Instant NOW = Instant.parse("2026-03-04T05:06:07.123456789Z");

  @TempDir
  @SuppressWarnings("NullAway.Init") // set before each test
  private Path folder;

  private Sql sql() throws IOException {
    Sql sql = new Sql(Place.of("sqlite:" + folder.resolve("belay.db")), "one", new Alarm());
    sql.open();
    return sql;
  }

  private static Kept kept(String name, long generation, Optional<Instant> ends) {
    return new Kept(
        PolicyDocument.read(
            """
            {"metadata":{"name":"%s","owner":"s1"},"spec":{"rules":[
              {"match":{"path":{"prefix":"/"}},"fault":{"delay":{"fixed_delay_ms":1}}}]}}
            """
                .formatted(name)),
        generation,
        NOW,
        ends,
        ends.map(end -> end.plusNanos(1)));
  }

  @Test
  void keepsPoliciesToTheNanosecondOverARestart() throws IOException {
    Sql first = sql();
    FaultPolicyStore store = new SqlFaultPolicies(first);
    assertThat(store.standing()).isEqualTo(new Standing(0, false));
    store.save(kept("a", 1, Optional.empty()), new Standing(1, false));
    store.save(kept("b", 2, Optional.of(NOW.plusSeconds(9))), new Standing(2, false));
    store.save(kept("a", 3, Optional.of(NOW)), new Standing(3, false));
    first.close();

    Sql second = sql();
    FaultPolicyStore later = new SqlFaultPolicies(second);
    assertThat(later.policies())
        .containsExactly(
            kept("a", 3, Optional.of(NOW)), kept("b", 2, Optional.of(NOW.plusSeconds(9))));
    later.remove(List.of("a", "none"), new Standing(4, true));
    assertThat(later.policies()).hasSize(1);
    assertThat(later.standing()).isEqualTo(new Standing(4, true));
    second.close();
  }
}
