using System.Numerics;

namespace Sagitta.Physics.Events;

/// <summary>
/// Hits of events as columns, laid end to end: the hits of event e are <c>Offsets[e] .. Offsets[e + 1] - 1</c>, ordered by plane, then by
/// y. It is all that reconstruction reads; it holds no truth.
/// </summary>
/// <example>
/// Two hits of one event:
/// <code>
/// HitSet hits = new()
/// {
/// Detector = DetectorFile.Load("toy16"), EventNumber = [1], Offsets = [0, 2], Plane = [0, 1], Y = [12.1f, 14.9f], Charge = [30, 25], Time
/// = [100, 100], };
/// </code>
/// </example>
public sealed record HitSet
{
    /// <summary>The detector whose planes the hits name.</summary>
    public required Detector Detector { get; init; }

    /// <summary>Per event: the number by which its user knows it.</summary>
    public required long[] EventNumber { get; init; }

    /// <summary>Count + 1 borders into the hit columns; the first is 0.</summary>
    public required int[] Offsets { get; init; }

    /// <summary>Per hit: index of its plane, from 0 in order of z.</summary>
    public required byte[] Plane { get; init; }

    /// <summary>Per hit: y of the strip's centre, mm; finite.</summary>
    public required float[] Y { get; init; }

    /// <summary>Per hit: charge above threshold in primary electrons, before gas gain; above 0.</summary>
    public required float[] Charge { get; init; }

    /// <summary>Per hit: time within the readout window, ns.</summary>
    public required float[] Time { get; init; }

    /// <summary>Per event and station (row-major): centre of the road that was read out, mm; NaN where it is not
    /// known, empty where none is.</summary>
    public float[] RoadCentre { get; init; } = [];

    /// <summary>0 for strip hits; above 0, hits are muon crossings with this Gaussian error in mm, and reconstruction takes it as their
    /// sigma.</summary>
    public double Smear { get; init; }

    /// <summary>Reads hits from a table (docs/formats.md): CSV, plain or gzip, NPZ, Parquet, Arrow or HDF5.</summary>
    /// <param name="path">The file, with columns event, plane and y at least.</param>
    /// <param name="detector">The detector whose planes the hits name.</param>
    /// <param name="columns">How the file calls its columns, such as "y=y_cm*10,plane=chamber"; null where it uses the names of
    /// docs/formats.md.</param>
    /// <exception cref="BadInputException">A column is missing, or a value can't be used.</exception>
    /// <example>
    /// <code>
    /// HitSet hits = HitSet.Read("hits.csv", DetectorFile.Load("toy16"));
    /// </code>
    /// </example>
    public static HitSet Read(string path, Detector detector, string? columns = null) =>
        MuonHitReader.Read(path, detector, columns is null ? null : ColumnMapping.Parse(columns)).Hits;

    /// <summary>Whether <see cref="Y"/> has the shifts of the planes in it: what the stages of a reconstruction take.</summary>
    internal bool IsPlaced { get; init; }

    /// <summary>Number of events.</summary>
    public int Count => Offsets.Length - 1;

    /// <summary>Number of hits of all events.</summary>
    public int HitCount => Offsets[^1];

    /// <summary>Whether the roads are known.</summary>
    internal bool HasRoads => Count == 0 || (RoadCentre.Length > 0
        && !RoadCentre.AsSpan().ContainsAnyExceptInRange(float.MinValue, float.MaxValue));

    /// <summary>Where the hits of an event are.</summary>
    internal Range HitsOf(int index) => Offsets[index]..Offsets[index + 1];

    /// <summary>Centres of an event's roads, mm, one a station.</summary>
    internal ReadOnlySpan<float> RoadsOf(int index) => RoadCentre.AsSpan(index * Detector.StationCount, Detector.StationCount);

    /// <summary>The same hits where a detector that is the same but for the shifts of its planes has them; as they are if they are
    /// placed already.</summary>
    internal HitSet Placed(Detector detector)
    {
        if (IsPlaced || detector.Planes.All(plane => plane.ShiftY == 0))
        {
            return this with { Detector = detector, IsPlaced = true };
        }

        float[] y = [.. Y];
        for (int hit = 0; hit < y.Length; hit++)
        {
            y[hit] += (float)detector.Planes[Plane[hit]].ShiftY;
        }

        return this with { Detector = detector, Y = y, IsPlaced = true };
    }

    /// <summary>Some events after another as a set of their own, copied.</summary>
    internal HitSet Slice(int first, int count)
    {
        Range hits = Offsets[first]..Offsets[first + count];
        int[] offsets = Offsets[first..(first + count + 1)];
        for (int e = count; e >= 0; e--)
        {
            offsets[e] -= offsets[0];
        }

        int stations = Detector.StationCount;
        return this with
        {
            EventNumber = EventNumber[first..(first + count)],
            Offsets = offsets,
            Plane = Plane[hits],
            Y = Y[hits],
            Charge = Charge[hits],
            Time = Time[hits],
            RoadCentre = RoadCentre.Length > 0 ? RoadCentre[(first * stations)..((first + count) * stations)] : [],
        };
    }

    /// <summary>The same events with some of their hits alone.</summary>
    /// <param name="kept">Indices of the hits, rising.</param>
    internal HitSet Only(IReadOnlyList<int> kept)
    {
        int[] offsets = new int[Count + 1];
        int next = 0;
        for (int e = 0; e < Count; e++)
        {
            while (next < kept.Count && kept[next] < Offsets[e + 1])
            {
                next++;
            }

            offsets[e + 1] = next;
        }

        return this with
        {
            Offsets = offsets,
            Plane = [.. kept.Select(hit => Plane[hit])],
            Y = [.. kept.Select(hit => Y[hit])],
            Charge = [.. kept.Select(hit => Charge[hit])],
            Time = [.. kept.Select(hit => Time[hit])],
        };
    }

    /// <summary>Whether a hit is the one before it once more: the same plane, place, charge and time.</summary>
    internal bool IsCopy(int hit) => Plane[hit] == Plane[hit - 1] && Y[hit] == Y[hit - 1] && Charge[hit] == Charge[hit - 1]
        && Time[hit] == Time[hit - 1];

    /// <summary>The sentence that a file held copies of hits, if it did.</summary>
    internal static IEnumerable<string> CopiesTold(long copies) =>
        copies > 0 ? [$"{copies} hits are copies of others, and were left out"] : [];

    /// <summary>The same events in a mirror, y to -y. Planes keep their places in the columns, and in each the hits are the other way
    /// round.</summary>
    internal HitSet Mirrored()
    {
        float[] y = [.. Y.Select(each => -each)];
        float[] charge = [.. Charge];
        float[] time = [.. Time];
        for (int e = 0; e < Count; e++)
        {
            for (int first = Offsets[e], end; first < Offsets[e + 1]; first = end)
            {
                end = first + 1;
                while (end < Offsets[e + 1] && Plane[end] == Plane[first])
                {
                    end++;
                }

                foreach (float[] column in (float[][])[y, charge, time])
                {
                    Array.Reverse(column, first, end - first);
                }
            }
        }

        return this with { Y = y, Charge = charge, Time = time, RoadCentre = [.. RoadCentre.Select(each => -each)] };
    }

    /// <summary>Makes sure that columns fit together and hits are in order.</summary>
    /// <param name="where">What to call the set in messages.</param>
    /// <param name="firstHit">Hits of the file before these.</param>
    /// <param name="firstEvent">Events of the file before these.</param>
    /// <exception cref="BadInputException">They do not.</exception>
    internal void Check(string where, long firstHit = 0, long firstEvent = 0)
    {
        if (Offsets.Length != EventNumber.Length + 1 || Offsets[0] != 0
            || new[] { Plane.Length, Y.Length, Charge.Length, Time.Length }.Any(length => length != HitCount)
            || (RoadCentre.Length > 0 && RoadCentre.Length != Count * Detector.StationCount))
        {
            throw new BadInputException(where, "the columns do not fit together",
                "give a number an event, a border more, an entry a hit in each column of hits, and a road an event and station, or none");
        }

        if (!(Smear >= 0 && double.IsFinite(Smear)))
        {
            throw new BadInputException($"{where}, array '{EventFile.Smear}'", $"{NumberText.Of(Smear)} is no Gaussian error",
                "give millimetres, 0 for strips");
        }

        CheckDomain(where, EventFile.HitY, MuonHitReader.Y, Y, firstHit);
        CheckDomain(where, EventFile.HitCharge, MuonHitReader.Charge, Charge, firstHit);
        CheckDomain(where, EventFile.HitTime, MuonHitReader.Time, Time, firstHit);
        CheckDomain(where, EventFile.RoadCentre, MuonHitReader.RoadCentre, RoadCentre, firstEvent * Detector.StationCount);
        for (int e = 0; e < Count; e++)
        {
            if (Offsets[e + 1] < Offsets[e])
            {
                throw new BadInputException(where, $"the borders of event {EventNumber[e]} fall", "borders begin at 0 and do not fall");
            }

            for (int h = Offsets[e]; h < Offsets[e + 1]; h++)
            {
                if (Plane[h] >= Detector.Planes.Count)
                {
                    throw new BadInputException($"{where}, array '{EventFile.HitPlane}', element {firstHit + h}",
                        $"plane {Plane[h]} is not one of {Detector.Planes.Count}", "count planes from 0");
                }

                if (h > Offsets[e] && (Plane[h] < Plane[h - 1] || (Plane[h] == Plane[h - 1] && Y[h] < Y[h - 1])))
                {
                    throw new BadInputException($"{where}, array '{EventFile.HitY}', element {firstHit + h}",
                        $"the hits of event {EventNumber[e]} are not in order", "sort the hits of each event by plane, then by y");
                }

                // Copies would count as independent measurements and shrink the stated error.
                if (h > Offsets[e] && IsCopy(h))
                {
                    throw new BadInputException($"{where}, array '{EventFile.HitY}', element {firstHit + h}",
                        $"event {EventNumber[e]} holds one hit twice", "leave copies out");
                }
            }
        }
    }

    /// <summary>Refuses an array of numbers that its column may not hold.</summary>
    internal static void CheckDomain<T>(string where, string array, ColumnRequest column, ReadOnlySpan<T> values, long first = 0)
        where T : struct, INumber<T>
    {
        // What is finite and within the borders is the rule, and quick to tell.
        double low = Math.Max(column.Low, double.MinValue);
        double high = Math.Min(column.High, double.MaxValue);
        for (int i = 0; i < values.Length; i++)
        {
            double value = double.CreateChecked(values[i]);
            if (!(value >= low && value <= high) && column.Problem(value) is { } problem)
            {
                throw new BadInputException($"{where}, array '{array}', element {first + i}", problem,
                    column.Meaning.Length > 0 ? $"give {column.Meaning}" : "correct it or leave it out");
            }
        }
    }
}
