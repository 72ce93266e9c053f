package dev.belay.chaos.report;

/** How the page looks, in the light and in the dark. */
final class Style {
  static final String SHEET =
      """
      :root { color-scheme: light dark; --ink: #1d232b; --quiet: #5f6b7a; --page: #ffffff;
        --card: #f4f6f8; --line: #d5dbe1; --good: #cfeeda; --bad: #f9c9c6; --odd: #f7e6b5;
        --mute: #e6eaee; --mark: #2a6fdb; --error: #d0342c; --heat: #f08a84;
        --ok: #2f9e5b; --part: #c77d0a; --soft: #aab4bf; }
      @media (prefers-color-scheme: dark) { :root { --ink: #e4e9ef; --quiet: #97a3b2;
        --page: #14181d; --card: #1d232a; --line: #39424d; --good: #1f4d33; --bad: #6b2522;
        --odd: #564616; --mute: #2a323b; --mark: #6ea4f5; --error: #f0746c; --heat: #8a322d;
        --ok: #4fbf7f; --part: #e0a33c; --soft: #5d6874; } }
      * { box-sizing: border-box; }
      body { margin: 0 auto; max-width: 72rem; padding: 1.5rem; background: var(--page);
        color: var(--ink); font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
      h1 { font-size: 1.6rem; margin: 0 0 .3rem; } h2 { margin: 2.2rem 0 .6rem; font-size: 1.2rem; }
      h3 { margin: 0 0 .4rem; font-size: 1rem; } code { font: .9em ui-monospace, monospace; }
      .quiet, .none, figcaption, caption { color: var(--quiet); }
      .facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr));
        gap: .7rem; margin: 1rem 0; padding: 0; list-style: none; }
      .facts li, article { background: var(--card); border-radius: .5rem; padding: .7rem 1rem; }
      .facts strong { display: block; font-size: 1.4rem; }
      .beside { display: grid; grid-template-columns: repeat(auto-fit, minmax(22rem, 1fr)); gap: 1rem; }
      article { margin: 0 0 1rem; padding: 1rem; } figure { margin: .6rem 0; } svg { width: 100%; }
      .wide { overflow-x: auto; } table { border-collapse: collapse; margin: .6rem 0; }
      caption { text-align: left; padding-bottom: .3rem; }
      th, td { text-align: left; padding: .25rem .7rem; border-bottom: 1px solid var(--line);
        vertical-align: top; font-weight: normal; }
      thead th { color: var(--quiet); } .figure { text-align: right; font-variant-numeric: tabular-nums; }
      .heat td { text-align: center; border: 2px solid var(--page); border-radius: .4rem; }
      .tolerated { background: var(--good); } .fails { background: var(--bad); font-weight: bold; }
      .never_struck { background: var(--mute); } .unclear { background: var(--odd); }
      .untested { color: var(--quiet); }
      .legend { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; color: var(--quiet); }
      .legend dd { margin: 0; } .hint { border-left: .25rem solid var(--mark); padding-left: .7rem; }
      .failed { border-left: .25rem solid var(--error); padding-left: .7rem; }
      svg text { fill: var(--ink); font: 10px system-ui, sans-serif; } svg .scale { fill: var(--quiet); }
      svg .end { text-anchor: end; } svg .grid { stroke: var(--line); }
      svg .curve { fill: none; stroke: var(--mark); stroke-width: 2; }
      svg .span { fill: var(--mark); opacity: .55; } svg .error { fill: var(--error); opacity: .8; }
      svg .struck { font-weight: bold; } svg .middle { text-anchor: middle; }
      svg .chance { fill: none; stroke: var(--quiet); stroke-width: 1.6; stroke-dasharray: 5 4; }
      .key { margin: 0 .8rem 0 .2rem; white-space: nowrap; }
      .key::before { content: ""; display: inline-block; width: 1.3rem; margin-right: .35rem;
        vertical-align: middle; border-top: 2px solid var(--mark); }
      .key.chance::before { border-top: 2px dashed var(--quiet); }
      svg .one { fill: none; stroke: var(--quiet); stroke-width: .8; opacity: .35; }
      svg .dot { fill: var(--quiet); opacity: .25; } svg .point { fill: var(--mark); }
      svg .field { fill: var(--heat); } svg .value { fill: var(--ink); }
      .three { grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); }
      .pair { max-width: 46rem; } .interval { width: 7.5rem; height: .9rem; vertical-align: middle; }
      .defects tbody th { min-width: 15rem; } .defects thead th { white-space: nowrap; }
      .defects td { overflow-wrap: normal; }
      .fault { display: block; white-space: nowrap; } a { color: var(--mark); }
      .map svg { min-width: 34rem; max-height: 40rem; } .service rect { fill: var(--card); stroke: var(--line); }
      .service text { font-size: 12px; } .way { fill: none; stroke: var(--soft); stroke-width: 1.6; }
      .seldom { stroke-dasharray: 5 4; } .call circle { fill: var(--soft); }
      .call .sign { font-weight: bold; font-size: 12px; paint-order: stroke; stroke: var(--page); stroke-width: 3px; }
      .call.fails .way { stroke: var(--part); } .call.fails circle { fill: var(--part); }
      .call.alone .way { stroke: var(--error); stroke-width: 2.4; } .call.alone circle { fill: var(--error); }
      .states .fails { background: var(--odd); font-weight: normal; }
      .states .alone { background: var(--bad); font-weight: bold; }
      .call.unclear .way { stroke-dasharray: 2 3; } .three figcaption > * { display: block; }
      .call.tolerated .way { stroke: var(--ok); } .call.tolerated circle { fill: var(--ok); }
      .states { display: flex; flex-wrap: wrap; gap: .4rem .6rem; font-size: .9rem; }
      .states span { padding: .05rem .5rem; border-radius: .4rem; }
      details { margin: .2rem 0; color: var(--quiet); font-size: .9rem; }
      summary { cursor: pointer; }
      """;

  private Style() {}
}
