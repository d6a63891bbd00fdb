/** The page while its parts load. It looks the same as `index.html`, so that nothing moves when they arrive. */
export const Shell = () => (
  <main className="chat" aria-busy="true">
    <section className="welcome">
      <h2>Watch an answer stream</h2>
      <p className="lead">Token by token, with every source, tool and agent behind it.</p>
    </section>
    <div className="composer">
      <div className="composer-box">
        <div className="composer-space" />
      </div>
    </div>
  </main>
)
