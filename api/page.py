"""The page that a browser gets: what this is and where to go on."""

START_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Schakel</title>
<style>
 body { font: 1.05rem/1.6 system-ui, sans-serif; max-width: 42rem; margin: 4rem auto;
        padding: 0 1rem; color: #1d2733; background: #fbfaf7 }
 h1 { font-weight: 600; letter-spacing: -.02em } code { background: #ece8df; padding: .1em .3em }
 li { margin: .4rem 0 }
</style>
<h1>Schakel</h1>
<p>The link in the chain around a pupil who is missing from school: one model of attendance for
school, attendance office, support alliance, youth care and family, each seeing what its task
allows and no more.</p>
<ul>
 <li><code>POST /graphql</code> is the API; the national directory needs no token.</li>
 <li><code>.well-known/oauth-protected-resource</code> tells a client where tokens come from.</li>
 <li><code>schakel personas</code> lists whom you can be in the demo,
     <code>schakel token</code> gives a token for one, and <code>schakel tour</code> tells the
     story of one case.</li>
</ul>
</html>
"""
