namespace Sagitta.Experiments.Landscapes.Calorimeter;

/// <summary>Frames for the analyses, read when first needed. Frame i is of the thickness i modulo their number, so a few frames hold all of
/// them. Rows become hits, and pairs of hits segments, as the models were trained.</summary>
internal sealed class FrameStock(LandscapeDataOptions options, HitPreparationOptions preparation, GateOptions gates)
{
    private readonly Dictionary<string, IReadOnlyList<CalorimeterEvents>> _events = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LandscapeFrame> _frames = new(StringComparer.Ordinal);

    /// <summary>Events of each thickness from the files of a part, "train" or "test".</summary>
    public IReadOnlyList<CalorimeterEvents> Events(string part)
    {
        if (!_events.TryGetValue(part, out IReadOnlyList<CalorimeterEvents>? events))
        {
            CalorimeterDataOptions data = new() { Folder = options.Folder, Waters = options.Waters, Preparation = preparation };
            events = [.. options.Waters.Select(water => HitPreparation.Events(
                CalorimeterDepositReader.Read(CalorimeterSource.File(data, water, part)), preparation))];
            _events[part] = events;
        }

        return events;
    }

    /// <summary>The first frames of a part, fewer if the events do not suffice.</summary>
    public IReadOnlyList<LandscapeFrame> Take(string part, int count)
    {
        List<LandscapeFrame> frames = [];
        int waters = options.Waters.Count;
        for (int i = 0; frames.Count < count && i / waters < Events(part).Max(e => e.Count) / options.Protons; i++)
        {
            CalorimeterEvents events = Events(part)[i % waters];
            int first = i / waters * options.Protons;
            if (first + options.Protons > events.Count)
            {
                continue;
            }

            string name = string.Create(CultureInfo.InvariantCulture, $"{part} {i}");
            if (!_frames.TryGetValue(name, out LandscapeFrame? frame))
            {
                CalorimeterFrame hits = events.Overlay([.. Enumerable.Range(first, options.Protons)]);
                SegmentInput input = new();
                input.Set(hits, gates, withMoments: true);
                frame = new(hits, input);
                _frames[name] = frame;
            }

            frames.Add(frame);
        }

        return frames;
    }
}

/// <summary>A frame with its graph, ready for the network; threads share it.</summary>
internal sealed record LandscapeFrame(CalorimeterFrame Frame, SegmentInput Input);
