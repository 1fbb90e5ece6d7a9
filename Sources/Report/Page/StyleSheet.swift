/// How a report looks: one style for screens of any width, light and dark, and for paper.
enum StyleSheet {
    static let text: StaticString = """
        :root{--paper:#fff;--ink:#1b1f24;--soft:#57606a;--rule:#d0d7de;--wash:#f4f6f8;--left:#c2410c;--stayed:#0369a1;
        --model:#0369a1;--mark:#7c3aed;--warn:#fff4e5;--warn-ink:#7a3e00}
        @media screen and (prefers-color-scheme:dark){:root{--paper:#14171a;--ink:#e6e9ec;--soft:#a3adb8;--rule:#363c43;
        --wash:#1e2327;--left:#fb923c;--stayed:#56b4e9;--model:#56b4e9;--mark:#c4b5fd;--warn:#3a2a12;
        --warn-ink:#ffd9a8}}
        *{box-sizing:border-box}
        html{background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,
        sans-serif;
        -webkit-text-size-adjust:100%}
        body{margin:0 auto;max-width:1120px;padding:0 24px 48px}
        h1,h2,h3,p,figure,dl,dd,ul{margin:0}
        h1{font-size:15px;font-weight:600;color:var(--soft);letter-spacing:.01em}
        h2{font-size:24px;line-height:1.25;margin-bottom:8px}
        h3{font-size:17px;line-height:1.3}
        code{font:.88em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
        a{color:var(--stayed)}
        em{color:var(--soft)}
        .summary{padding:28px 0 32px}
        .headline{font-size:clamp(21px,2.6vw,30px);line-height:1.35;font-weight:600;margin:14px 0 10px;text-wrap:pretty;
        max-width:32em}
        .headline .left{color:var(--left)}
        .notice{border-left:4px solid var(--left);background:var(--warn);color:var(--warn-ink);padding:10px 14px;
        margin:12px 0;
        border-radius:0 6px 6px 0}
        .people{display:grid;grid-template-columns:minmax(0,3fr) minmax(0,2fr);gap:28px;align-items:center;
        margin:22px 0}
        .people dl{display:grid;gap:8px}
        .people dl div{display:grid;grid-template-columns:22px 1fr;align-items:baseline}
        .people dt{grid-row:1/3}
        .people svg{display:block}
        .icon{width:15px;height:15px;position:relative;top:2px}
        .people dd strong{font-variant-numeric:tabular-nums}
        .tiles{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:16px;margin:22px 0}
        .tile{border:1px solid var(--rule);border-radius:8px;padding:14px 16px}
        .tile .big{font-size:30px;line-height:1.15;font-weight:650;font-variant-numeric:tabular-nums}
        .tile p+p{color:var(--soft);font-size:14.5px;line-height:1.45;margin-top:4px}
        .answers{list-style:none;padding:0;display:grid;gap:10px;max-width:52em}
        .answers li{display:grid;grid-template-columns:18px 1fr;gap:8px}
        nav{display:flex;flex-wrap:wrap;gap:4px 18px;padding:12px 0;border-block:1px solid var(--rule);font-size:15px}
        nav a{text-decoration:none}
        nav a:hover{text-decoration:underline}
        section{padding-top:40px}
        .lead{color:var(--soft);max-width:46em;margin-bottom:14px}
        section>p+p{margin-top:10px}
        main p,main li{max-width:46em}
        main ul{padding-left:20px}
        main h3{margin-top:20px}
        .chart h3,.levels h3{margin-top:0}
        h3+p,.scroll+p,.scroll+.lead{margin-top:8px}
        h3+.scroll,h3+.card{margin-top:8px}
        p+.scroll{margin-top:12px}
        main li+li{margin-top:6px}
        .card{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:6px 20px;margin:4px 0 22px}
        .card dt{color:var(--soft)}
        .card dd{overflow-wrap:anywhere}
        .scroll{overflow-x:auto;background:linear-gradient(to right,var(--paper) 30%,transparent) left/36px 100%,
        linear-gradient(to left,var(--paper) 30%,transparent) right/36px 100%,
        linear-gradient(to right,var(--rule),transparent) left/12px 100%,
        linear-gradient(to left,var(--rule),transparent) right/12px 100%;background-repeat:no-repeat;
        background-attachment:local,local,scroll,scroll}
        .scroll:focus-visible,a:focus-visible{outline:2px solid var(--mark);outline-offset:2px}
        table{border-collapse:collapse;width:100%;font-size:14.5px;line-height:1.4;font-variant-numeric:tabular-nums}
        caption{text-align:left;color:var(--soft);font-size:13.5px;padding-bottom:4px}
        th,td{padding:5px 12px 5px 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--rule)}
        thead th{color:var(--soft);font-weight:600;vertical-align:bottom}
        tbody th{font-weight:500;overflow-wrap:break-word;min-width:5.5em;max-width:18em}
        tbody th:has(+td .cell){min-width:14em}
        .hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        .day{white-space:nowrap}
        th .name,th .unit{display:block;color:var(--soft);font-weight:400}
        th .unit{font-size:.93em}
        svg .step{fill:var(--soft)}
        svg .over{paint-order:stroke;stroke:var(--paper);stroke-width:4px;stroke-linejoin:round}
        .number{text-align:right;white-space:nowrap}
        th:last-child,td:last-child{padding-right:0}
        thead .number{white-space:normal}
        .marked th,.marked td{background:var(--wash);font-weight:650}
        .yes{color:var(--stayed);font-weight:650}
        .no{color:var(--left);font-weight:650}
        .chart{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:16px 36px;align-items:start;
        margin-top:26px}
        .chart figcaption p{color:var(--soft);font-size:14.5px;margin:2px 0 8px}
        .wide svg{max-width:540px;margin:8px 0 18px;display:block}
        .cell svg{width:210px;max-width:none}
        .legend{display:flex;gap:18px;font-size:14px;margin:6px 0}
        .key{display:inline-flex;align-items:center;gap:6px}
        .swatch{width:13px;height:13px;border:2px solid;border-radius:3px;display:inline-block}
        .swatch.left{border-color:var(--left);background:color-mix(in srgb,var(--left) 30%,transparent)}
        .swatch.stayed{border-color:var(--stayed);background:color-mix(in srgb,var(--stayed) 22%,transparent)}
        .levels{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(480px,100%),1fr));gap:28px 36px}
        .levels h3{margin-bottom:4px}
        .levels table{font-size:13.5px}
        .levels th,.levels td{padding-right:8px}
        .levels th:last-child,.levels td:last-child{padding-right:0}
        footer{margin-top:44px;border-top:1px solid var(--rule);padding-top:12px;color:var(--soft);font-size:14px}
        svg{width:100%;height:auto;overflow:visible;font-family:inherit}
        svg text{fill:var(--ink);font-size:13px}
        svg .axis text,svg .small{fill:var(--soft);font-size:12.5px}
        svg .small{font-size:12px}
        svg .end{text-anchor:end}
        svg .middle{text-anchor:middle}
        svg .value{font-weight:600;font-variant-numeric:tabular-nums}
        svg .note{fill:var(--soft);font-size:12.5px}
        .grid{stroke:var(--rule);stroke-width:1}
        .tick{stroke:var(--soft);stroke-width:1}
        .reference{stroke:var(--soft);stroke-width:1.5;stroke-dasharray:5 4}
        .threshold{stroke:var(--mark);stroke-width:2;stroke-dasharray:2 3}
        .whisker{stroke:var(--model);stroke-width:1.5}
        .model.line{fill:none;stroke:var(--model);stroke-width:2.5;stroke-linejoin:round}
        .model.fill{fill:var(--model)}
        .chosen{fill:var(--paper);stroke:var(--mark);stroke-width:3}
        .left.line{fill:none;stroke:var(--left);stroke-width:2}
        .stayed.line{fill:none;stroke:var(--stayed);stroke-width:2}
        .left.area{fill:var(--left);opacity:.22}
        .stayed.area{fill:var(--stayed);opacity:.18}
        .left.fill{fill:var(--left)}
        .stayed.fill{fill:var(--stayed)}
        .named.left{fill:var(--left);stroke:var(--left);stroke-width:2}
        .missed.left{fill:none;stroke:var(--left);stroke-width:2.5}
        .named.stayed{fill:var(--stayed);stroke:var(--stayed);stroke-width:2}
        .spared.stayed{fill:none;stroke:var(--stayed);stroke-width:1.2;opacity:.75}
        @media screen and (max-width:760px){body{padding:0 16px 32px}.people,.chart,
        .tiles{grid-template-columns:minmax(0,1fr)}
        .tiles{gap:10px}.card{grid-template-columns:minmax(0,1fr);gap:0}.card dd{margin-bottom:8px}h2{font-size:21px}
        th,td,.levels th,.levels td{padding-right:8px}
        tbody td:not(.number):not(:has(.yes,.no)){min-width:9em}tbody th:has(.name){min-width:11em}}
        @page{size:A4;margin:14mm 13mm}
        @media print{html{font-size:10.5pt}main{break-before:page}section:first-child{padding-top:0}
        .scroll{background:none;break-inside:avoid}thead,.lead,.legend{break-after:avoid}.scroll+.lead{break-after:auto}body{max-width:none;padding:0}
        nav{display:none}.summary{padding:0}
        section{padding-top:22px}h2,h3,figcaption,caption{break-after:avoid}
        .headline{font-size:17pt}.chart,.tile,.people,tr,figure,.levels>div,li,p{break-inside:avoid}
        .scroll{overflow:visible}
        *{print-color-adjust:exact;-webkit-print-color-adjust:exact}table{font-size:9.5pt}.chart{margin-top:16px}
        footer{margin-top:20px}}
        """
}
