import { plain, quoted } from "../otlp/json/any-value.ts";
import type { ResourceContext } from "./contexts.ts";
import type { Dictionary } from "./dictionary.ts";
import { Lanes } from "./hash.ts";
import { objectOf, PendingAttributes, type PendingValue } from "./pending.ts";
import type { Slot } from "./slots.ts";
import { attributesAsJson } from "./values.ts";

const SEED_TAGS = 0x74616773;

/**
 * The custom attributes of the record being written. Newer versions of Claude
 * Code copy the resource's onto every record; the copy wins where they differ.
 */
export class Tags {
  private resource: ResourceContext | undefined;
  private readonly overlay: PendingAttributes = new PendingAttributes();
  private readonly lanes: Lanes = new Lanes();

  /** Begins a record of this resource. */
  begin(resource: ResourceContext | undefined): void {
    this.resource = resource;
    this.overlay.begin();
  }

  /**
   * Takes an attribute in if it is a tag: one of the tags of staged workflows,
   * or a copy of a custom attribute of the resource that is not an attribute of
   * the event itself. Says whether it was.
   */
  take(slot: Slot, lanes: Lanes, value: PendingValue, start: number, end: number): boolean {
    const { resource } = this;
    if (resource === undefined) return false;
    if (slot.resource !== resource.serial) {
      slot.resource = resource.serial;
      slot.tagLanes = resource.tagLanes.get(slot.key);
    }
    if (!slot.isTag && (slot.tagLanes === undefined || slot.route !== "rest")) return false;
    if (slot.tagLanes === undefined || !slot.tagLanes.equals(lanes)) {
      this.overlay.add(slot, lanes, value, start, end);
    }
    return true;
  }

  /**
   * The columns whose stand-in is not what the resource has, since a tag of the record's own differs;
   * empty for nearly every record.
   */
  ownStandIns(): readonly { readonly column: string; readonly text: string }[] {
    const { resource, overlay } = this;
    if (resource === undefined || overlay.count === 0 || resource.standIns.length === 0) return [];
    const members = new Map(overlay.members());
    return resource.standIns.flatMap(({ column, names }) => {
      if (resource.tags.has(column)) return [];
      for (const name of names) {
        const own: unknown = JSON.parse(members.get(quoted(name)) ?? "null");
        if (typeof own === "string" && own !== "") return [{ column, text: own }];
        const value = resource.tags.get(name)?.value;
        if (own === null && value?.kind === "text" && value.text !== "") return [];
      }
      return [];
    });
  }

  /** The dictionary code of the JSON object of all tags; never NULL, which would make grouping by it slow. */
  end(dictionary: Dictionary): number {
    const { resource, overlay } = this;
    if (resource === undefined) return 0;
    const lanes = this.lanes.seed(SEED_TAGS).absorbLanes(resource.lanes);
    if (overlay.count > 0) lanes.absorbLanes(overlay.lanes);
    return dictionary.internText(lanes.finish(), () => this.json(resource));
  }

  private json(resource: ResourceContext): string {
    if (this.overlay.count === 0) return attributesAsJson([...resource.tags.values()]);
    const members = new Map(
      [...resource.tags].map(([key, { value }]) => [quoted(key), plain(value)]),
    );
    for (const [key, value] of this.overlay.members()) members.set(key, value);
    return objectOf(members);
  }
}
