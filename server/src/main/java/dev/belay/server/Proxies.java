package dev.belay.server;

import dev.belay.Time;
import dev.belay.proxy.PoolChanges;
import dev.belay.proxy.UpstreamPool;
import dev.belay.server.config.BelayConfig;
import dev.belay.server.config.Choice;
import dev.belay.server.live.DefaultPolicy;
import dev.belay.server.live.PoolEditor;
import dev.belay.server.store.Store;
import java.io.IOException;

/** The pool of proxies, and the policies by which it is used. Safe for any number of threads. */
final class Proxies {
  private final UpstreamPool pool;
  private final PoolChanges changes;
  private final PoolEditor editor;
  private final DefaultPolicy policy;
  private final Time time;
  private volatile Choice choice;

  /** As configured; what was changed at run time is still to be recalled. */
  Proxies(BelayConfig config, Store store, Watchers watchers, Time time) {
    this.time = time;
    this.choice = config.proxy().choice();
    this.pool = new UpstreamPool(choice.on(time), config.breaker(), time, watchers::edge);
    this.changes = new PoolChanges(pool, store.pool(), config.proxy().pool());
    this.editor = new PoolEditor(pool, changes, watchers.feed());
    this.policy = new DefaultPolicy(config.policies(), time, watchers.feed(), store.policies());
  }

  UpstreamPool pool() {
    return pool;
  }

  PoolChanges changes() {
    return changes;
  }

  PoolEditor editor() {
    return editor;
  }

  DefaultPolicy policy() {
    return policy;
  }

  /** Goes on by another configuration; what was changed at run time stays. */
  void use(BelayConfig config) throws IOException {
    editor.configure(config.proxy().pool());
    pool.updateBreakers(config.breaker());
    if (!config.proxy().choice().equals(choice)) { // a new one would not know the sessions
      choice = config.proxy().choice();
      pool.chooseBy(choice.on(time));
    }
    policy.configure(config.policies());
  }
}
