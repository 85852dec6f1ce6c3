using System.ComponentModel.DataAnnotations;

namespace Sagitta.Physics.Endcap;

/// <summary>
/// A spectrometer in three dimensions: planes whose strips measure u = y cos a + x sin a + offset, walls of matter, and a field that is
/// uniform or a map. The beam is along z, y is radial at the sector's centre, x tangential. Lengths in mm, field in T.
/// </summary>
internal sealed record EndcapDetector
{
    /// <summary>Name of the shipped detector.</summary>
    public const string Shipped = "endcap";

    /// <summary>Name, stored in event files and models.</summary>
    public required string Name { get; init; }

    /// <summary>Planes in increasing z.</summary>
    public required IReadOnlyList<EndcapPlane> Planes { get; init; }

    /// <summary>Walls in increasing z.</summary>
    public required IReadOnlyList<EndcapWall> Walls { get; init; }

    /// <summary>The field.</summary>
    public required MagneticField Field { get; init; }

    /// <summary>The same planes as a detector of one coordinate, u in the place of y, without field: what digitisation needs. Event files
    /// of this detector bear its name.</summary>
    public required Detector Strips { get; init; }

    /// <summary>What fills the space between planes.</summary>
    public Material Medium => Strips.Medium.Length == 0 ? Material.Vacuum : Strips.Materials[Strips.Medium];

    /// <summary>Planes outside the box of the field's map, where the field is zero: legal, and worth a word to the user.</summary>
    public IReadOnlyList<int> PlanesOutsideField => [.. Enumerable.Range(0, Planes.Count).Where(i =>
        Planes[i].Z < Field.Box.LowZ || Planes[i].Z > Field.Box.HighZ)];

    /// <summary>z of the first plane, mm: where tracks have their parameters.</summary>
    public double ReferenceZ => Planes[0].Z;

    /// <summary>The same detector with planes in other places: z in mm, the stereo angle in rad, and the offset in mm of each.</summary>
    public EndcapDetector With(Func<EndcapPlane, int, (double Z, double StereoAngle, double Offset)> place)
    {
        (double Z, double StereoAngle, double Offset)[] places = [.. Planes.Select(place)];
        Detector strips = Strips with { Planes = [.. Strips.Planes.Select((plane, i) => plane with { Z = places[i].Z })] };
        return this with
        {
            Strips = strips,
            Planes = [.. strips.Planes.Select((plane, i) => new EndcapPlane(plane, places[i].StereoAngle, places[i].Offset,
                Planes[i].Extent) { StereoBetween = Planes[i].StereoBetween })],
        };
    }

    /// <summary>Loads an endcap's file by path, or the shipped one by its name; names are looked up as those of detectors are.</summary>
    /// <exception cref="BadInputException">No such file or name, or the file, or its field map, breaks a rule.</exception>
    public static EndcapDetector Load(string pathOrName)
    {
        string path = DetectorFile.Find(pathOrName) ?? throw new BadInputException($"detector '{pathOrName}'",
            "there is no such file or shipped detector", $"give the path of an endcap's detector file, or the name {Shipped}");
        return Parse(ConfigurationFile.ReadText(path), path);
    }

    /// <summary>The text of a detector file with its planes where this detector has them, to be written into a folder.</summary>
    /// <param name="pathOrName">The file, or the shipped name, that this detector was read from before its planes were moved.</param>
    /// <param name="folder">Where the text will be; the path of a field map is written from there.</param>
    public string Write(string pathOrName, string folder)
    {
        string path = DetectorFile.Find(pathOrName)!;
        EndcapDescription read = ConfigurationFile.Parse<EndcapDescription>(ConfigurationFile.ReadText(path), path);
        string? map = read.Field.Map is { } own
            ? Path.GetRelativePath(Path.GetFullPath(folder), Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path)) ?? "", own)) : null;
        return ConfigurationFile.Write(read with
        {
            Field = read.Field with { Map = map },
            Planes = [.. read.Planes.Select((plane, i) => plane with
            {
                Z = Planes[i].Z,
                Stereo = EndcapDescription.Degrees(Planes[i].StereoAngle),
                Offset = Planes[i].Offset,
            })],
        });
    }

    /// <summary>Reads from YAML text; a field map is looked for from the folder of <paramref name="name"/>.</summary>
    public static EndcapDetector Parse(string text, string name)
    {
        EndcapDescription description = ConfigurationFile.Parse<EndcapDescription>(text, name);
        FieldDescription field = description.Field;
        if (field.Map is not { } map)
        {
            return description.ToDetector(new UniformField(field.Uniform[0], field.Uniform[1], field.Uniform[2]));
        }

        string path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(name)) ?? "", map);
        FieldMap read = FieldMapFile.Read(path);
        CheckUnits(path, read.Box, description.Planes[0].Z!.Value, description.Planes[^1].Z!.Value);
        return description.ToDetector(read);
    }

    // A map before all planes or behind them bends nothing that is measured; the usual cause is another unit of length.
    private static void CheckUnits(string path, FieldBox box, double first, double last)
    {
        if (box.HighZ > first && box.LowZ < last)
        {
            return;
        }

        string range = string.Create(CultureInfo.InvariantCulture,
            $"the map's z from {box.LowZ} to {box.HighZ} has no part between the planes at {first} to {last} mm");
        foreach ((string unit, double millimetres) in new[] { ("cm", 10.0), ("m", 1000.0) })
        {
            if (box.HighZ * millimetres > first && box.LowZ * millimetres < last)
            {
                throw new BadInputException($"'{path}'", $"{range}: it looks like {unit}",
                    string.Create(CultureInfo.InvariantCulture, $"give x, y and z in mm: multiply them by {millimetres}"));
            }
        }

        throw new BadInputException($"'{path}'", range, "give a map in the detector's frame, in mm");
    }
}

/// <summary>A plane whose strips measure u = y cos a + x sin a + offset.</summary>
/// <param name="Strips">Place, gap, strips and material.</param>
/// <param name="StereoAngle">a in rad.</param>
/// <param name="Offset">The constant in u, mm.</param>
/// <param name="Extent">What of it is sensitive.</param>
internal sealed record EndcapPlane(Plane Strips, double StereoAngle, double Offset, PlaneExtent Extent)
{
    /// <summary>Centre of the gap, mm.</summary>
    public double Z => Strips.Z;

    /// <summary>Station, from 0.</summary>
    public int Station => Strips.Station;

    /// <summary>Smallest and largest size of the angle, rad, that a search for a better detector may give it; null where it stays.
    /// </summary>
    public (double Low, double High)? StereoBetween { get; init; }

    /// <summary>cos a: what u has of y.</summary>
    public double Cosine { get; } = Math.Cos(StereoAngle);

    /// <summary>sin a: what u has of x.</summary>
    public double Sine { get; } = Math.Sin(StereoAngle);

    /// <summary>The coordinate that is measured, mm.</summary>
    public double Measured(double x, double y) => (y * Cosine) + (x * Sine) + Offset;
}

/// <summary>The sensitive part of a plane, mm.</summary>
internal sealed record PlaneExtent
{
    /// <summary>Half the length along x.</summary>
    [Range(1, 1e6)]
    public required double HalfWidth { get; init; }
    /// <summary>Lower end in y.</summary>
    [Range(-1e6, 1e6)]
    public required double LowY { get; init; }
    /// <summary>Upper end in y.</summary>
    [Range(-1e6, 1e6)]
    public required double HighY { get; init; }

    /// <summary>Whether a place is on it.</summary>
    public bool Contains(double x, double y) => Math.Abs(x) <= HalfWidth && y >= LowY && y <= HighY;
}

/// <summary>A flat wall across the beam.</summary>
/// <param name="Z">Front, mm.</param>
/// <param name="Slab">Material and thickness.</param>
internal sealed record EndcapWall(double Z, Slab Slab)
{
    /// <summary>Back, mm.</summary>
    public double End => Z + Slab.Thickness;
}
