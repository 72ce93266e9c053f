package dev.belay.server.store;

import dev.belay.RetryPolicy;
import dev.belay.proxy.PolicyStore;
import java.util.Optional;

/** The policy that was set for one instance. */
final class SqlPolicyStore implements PolicyStore {
  private static final String SAVE =
      """
      insert into belay_policy (instance, policy, configured) values (?, ?, ?)
      on conflict (instance) do update set
        policy = excluded.policy, configured = excluded.configured
      """;

  private final Sql sql;
  private final PolicyJson json = new PolicyJson();

  SqlPolicyStore(Sql sql) {
    this.sql = sql;
  }

  @Override
  public Optional<RetryPolicy> over(RetryPolicy configured) {
    String text = json.text(configured);
    return sql.read(handle ->
        handle
            .select(
                "select policy from belay_policy where instance = ? and configured = ?",
                sql.instance(),
                text)
            .mapTo(String.class)
            .findOne()
            .map(json::policy));
  }

  @Override
  public void save(RetryPolicy policy, RetryPolicy configured) {
    String text = json.text(policy);
    String over = json.text(configured);
    sql.write(handle -> handle.execute(SAVE, sql.instance(), text, over));
  }

  @Override
  public void forget() {
    sql.write(
        handle -> handle.execute("delete from belay_policy where instance = ?", sql.instance()));
  }
}
