package dev.belay.server.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.BreakerPolicy;
import dev.belay.Endpoint;
import dev.belay.VirtualTime;
import dev.belay.proxy.PoolChanges;
import dev.belay.proxy.PoolStore;
import dev.belay.proxy.Upstream;
import dev.belay.proxy.UpstreamPool;
import dev.belay.proxy.UpstreamPool.Entry;
import dev.belay.select.RoundRobin;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PoolEditorTest {
  private static final Entry A = Entry.of("http://a:1");
  private static final Entry B = Entry.of("http://b:2");
  private static final Entry C = Entry.of("http://ann:secret@c:3");

  private final VirtualTime time = new VirtualTime();
  private final EventFeed feed = new EventFeed(time);
  private final UpstreamPool pool =
      new UpstreamPool(new RoundRobin(), BreakerPolicy.DEFAULT, time, event -> {});

  private PoolEditor editor(PoolStore store) {
    PoolChanges changes = new PoolChanges(pool, store, List.of());
    changes.load();
    return new PoolEditor(pool, changes, feed);
  }

  private List<String> names() {
    return pool.upstreams().stream().map(Upstream::name).toList();
  }

  private static Entry heavy(Entry entry) {
    return new Entry(entry.address(), entry.traits().withWeight(7));
  }

  @Test
  void laysChangesOverTheConfiguration() {
    PoolEditor editor = editor(PoolStore.inMemory());
    editor.configure(List.of(A, B));
    assertThat(editor.add(List.of(B, C)).orElseThrow())
        .isEqualTo(new PoolEditor.Added(List.of(C), List.of(B)));
    assertThat(editor.remove(A.address().id())).isTrue();
    assertThat(editor.remove(A.address().id())).isFalse();
    assertThat(editor.change(B.address().id(), PoolEditorTest::heavy)).isTrue();
    assertThat(editor.change(A.address().id(), PoolEditorTest::heavy)).isFalse();

    editor.configure(List.of(A, B));

    assertThat(names()).containsExactly("http://b:2", "http://c:3#9ece79784898");
    assertThat(pool.upstreams().getFirst().traits().weight()).isEqualTo(7);
    editor.add(List.of(A));
    assertThat(names()).contains("http://a:1");
  }

  @Test
  void changesOutliveARestartWhereSomebodyRemembersThem() {
    PoolStore memory = PoolStore.inMemory();
    PoolEditor before = editor(memory);
    before.configure(List.of(A, B));
    before.add(List.of(C));
    before.remove(A.address().id());
    before.change(B.address().id(), PoolEditorTest::heavy);
    List<String> names = names();

    editor(memory).configure(List.of(A, B));

    assertThat(names()).isEqualTo(names).containsExactly("http://b:2", "http://c:3#9ece79784898");
    assertThat(pool.upstreams().getFirst().traits().weight()).isEqualTo(7);
  }

  @Test
  void aChangedProxyKeepsItsBreaker() {
    PoolEditor editor = editor(PoolStore.inMemory());
    editor.configure(List.of(A));
    Upstream before = pool.upstreams().getFirst();
    editor.change(A.address().id(), PoolEditorTest::heavy);

    assertThat(pool.upstreams().getFirst().breaker()).isSameAs(before.breaker());
    assertThat(before.traits()).isEqualTo(Endpoint.Traits.NONE);
  }

  @Test
  void tellsTheFeedWithoutPasswords() {
    PoolEditor editor = editor(PoolStore.inMemory());
    editor.configure(List.of(A));
    editor.add(List.of(C));
    editor.remove(C.address().id());

    assertThat(feed.after(0, 10).events())
        .extracting(event -> event.data().getString("change"))
        .containsExactly("configured", "added", "removed");
    assertThat(feed.after(0, 10).events().toString()).doesNotContain("secret");
  }

  @Test
  void growsToItsBoundAndNotBeyond() {
    PoolEditor editor = editor(PoolStore.inMemory());
    List<Entry> many = new ArrayList<>();
    for (int i = 0; i < PoolEditor.MOST; i++) {
      many.add(Entry.of("http://10.%d.%d.%d:1".formatted(i >> 16, (i >> 8) & 255, i & 255)));
    }
    editor.configure(many.subList(0, PoolEditor.MOST - 1));

    assertThat(editor.add(List.of(A, B))).isEmpty();
    assertThat(editor.add(List.of(A))).isPresent();
  }
}
