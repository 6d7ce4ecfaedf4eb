/** A fault of the page itself is told, with the way on, instead of an empty page. */
import { Component, type ReactNode } from "react";
import { t } from "../texts/texts";
import { explain } from "../texts/troubles";

export class Boundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <main className="gate" role="alert">
        <p>{explain(error)}</p>
        <button type="button" className="primary" onClick={() => location.reload()}>
          {t("reload")}
        </button>
      </main>
    );
  }
}
