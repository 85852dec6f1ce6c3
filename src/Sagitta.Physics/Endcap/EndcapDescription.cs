using System.ComponentModel.DataAnnotations;

namespace Sagitta.Physics.Endcap;

/// <summary>The fields of an endcap's detector file.</summary>
internal sealed record EndcapDescription : ICheckedOptions
{
    private const double DegreesPerRadian = 180 / Math.PI;
    public required string Name { get; init; }
    public string Description { get; init; } = "";
    public required FieldDescription Field { get; init; }
    /// <summary>Resolution of a plane along u, mm; expected of pitch and gas where it is not given.</summary>
    [Range(1e-6, 1e4)]
    public double? Resolution { get; init; }
    /// <summary>Material between planes and walls; none is vacuum.</summary>
    public string Medium { get; init; } = "";
    public required IReadOnlyDictionary<string, Material> Materials { get; init; }
    /// <summary>How strips fire.</summary>
    public Readout Readout { get; init; } = new();
    /// <summary>What planes share, as in the files of other detectors.</summary>
    public PlaneDescription Plane { get; init; } = new();
    /// <summary>The sensitive part of each station's planes.</summary>
    public required IReadOnlyList<PlaneExtent> Stations { get; init; }
    public IReadOnlyList<WallDescription> Walls { get; init; } = [];
    /// <summary>Planes in increasing z.</summary>
    public required IReadOnlyList<EndcapPlaneDescription> Planes { get; init; }

    // The planes as those of a detector with one coordinate. Its check asks for a field, which this one states otherwise.
    private DetectorDescription Strips => new()
    {
        Name = Name,
        Field = 1,
        Resolution = Resolution,
        Medium = Medium,
        Materials = Materials,
        Readout = Readout,
        Plane = Plane,
        Planes = [.. Planes.Select(plane => new PlaneDescription { Name = plane.Name, Z = plane.Z, Station = plane.Station })],
    };

    public EndcapDetector ToDetector(MagneticField field)
    {
        Detector strips = Strips.ToDetector() with { FieldTesla = 0 };
        return new()
        {
            Name = Name,
            Strips = strips,
            Field = field,
            Planes = [.. strips.Planes.Select((plane, i) => new EndcapPlane(plane, Planes[i].Stereo / DegreesPerRadian, Planes[i].Offset,
                Stations[plane.Station])
            {
                StereoBetween = Planes[i].StereoBetween is [double low, double high]
                    ? (low / DegreesPerRadian, high / DegreesPerRadian) : null,
            })],
            Walls = [.. Walls.Select(wall => new EndcapWall(wall.Z, new(strips.Materials[wall.Material], wall.Thickness)))],
        };
    }

    /// <summary>An angle in degrees, without the noise of the conversion.</summary>
    public static double Degrees(double radians) => Math.Round(radians * DegreesPerRadian, 10);

    public IEnumerable<OptionProblem> Check()
    {
        foreach (OptionProblem problem in Field.Check().Concat(Strips.Check()))
        {
            yield return problem;
        }

        if (Planes[^1].Station + 1 != Stations.Count)
        {
            yield return new(nameof(Stations), $"there are {Stations.Count}, but planes of {Planes[^1].Station + 1} stations",
                "give one '{ halfWidth: .., lowY: .., highY: .. }' for each station");
        }

        if (Planes.All(plane => Math.Abs(plane.Stereo - Planes[0].Stereo) < 1e-6))
        {
            yield return new(nameof(Planes), "there are no stereo planes: all strips have one direction, so that the coordinate along "
                + "them (x, where stereo is 0) can't be observed", "give some planes another stereo angle, such as 'stereo: 1.5'");
        }

        for (int i = 0; i < Planes.Count; i++)
        {
            double angle = Math.Abs(Planes[i].Stereo);
            if (Planes[i].StereoBetween is { } between && !(between is [double low, double high] && low <= angle && angle <= high))
            {
                yield return new(string.Create(CultureInfo.InvariantCulture, $"planes[{i}].stereoBetween"),
                    "it is no range about the plane's angle", "give the smallest and the largest angle in degrees, such as [0.2, 10]");
            }
        }

        for (int i = 0; i < Stations.Count; i++)
        {
            if (Stations[i].HighY <= Stations[i].LowY)
            {
                yield return new(string.Create(CultureInfo.InvariantCulture, $"stations[{i}].highY"), "it is not above lowY",
                    "give lowY and highY in mm, the lower end first");
            }
        }

        Detector strips = Strips.ToDetector();
        for (int i = 0; i < Walls.Count; i++)
        {
            WallDescription wall = Walls[i];
            string path = string.Create(CultureInfo.InvariantCulture, $"walls[{i}]");
            if (!Materials.ContainsKey(wall.Material))
            {
                yield return new($"{path}.material", $"there is no material '{wall.Material}'",
                    $"did you mean '{NearestName.Of(wall.Material, Materials.Keys)}'?");
            }

            double end = wall.Z + wall.Thickness;
            double before = i == 0 ? double.NegativeInfinity : Walls[i - 1].Z + Walls[i - 1].Thickness;
            if (wall.Z < before || strips.Planes.Any(plane => wall.Z < Back(plane) && end > plane.Front))
            {
                yield return new($"{path}.z", "the wall overlaps a plane or the wall before it", "move it, and list walls in order of z");
            }
        }
    }

    private static double Back(Plane plane) => plane.Z + (plane.GapThickness / 2) + plane.After.Sum(slab => slab.Thickness);
}

/// <summary>The field of an endcap's file: a map's file, or the same everywhere.</summary>
internal sealed record FieldDescription
{
    /// <summary>File of a map (NPZ or a table), relative to the detector file.</summary>
    public string? Map { get; init; }
    /// <summary>Components along x, y and z, T.</summary>
    [Range(-30.0, 30.0)]
    public IReadOnlyList<double> Uniform { get; init; } = [];

    public IEnumerable<OptionProblem> Check()
    {
        if (Map is null == (Uniform.Count == 0))
        {
            yield return new("field", Map is null ? "neither a map nor a uniform field is given"
                : "both a map and a uniform field are given",
                "write 'map: FILE' or 'uniform: [0.5, 0, 0]' (T along x, y, z)");
        }

        if (Uniform.Count > 0 && (Uniform.Count != 3 || Uniform.All(value => value == 0)))
        {
            yield return new("field.uniform", Uniform.Count != 3 ? $"it has {Uniform.Count} components"
                : "without a field tracks are straight: their momenta can't be observed", "give three in T, such as [0.5, 0, 0]");
        }
    }
}

/// <summary>What an endcap's file says of a wall.</summary>
internal sealed record WallDescription
{
    /// <summary>Front, mm.</summary>
    [Range(0, double.PositiveInfinity)]
    public required double Z { get; init; }
    public required string Material { get; init; }
    [Range(1e-3, 1e5)]
    public required double Thickness { get; init; }
}

/// <summary>What an endcap's file says of one plane.</summary>
internal sealed record EndcapPlaneDescription
{
    public string? Name { get; init; }
    [Range(0, double.PositiveInfinity)]
    public double? Z { get; init; }
    [Range(0, 254)]
    public int? Station { get; init; }
    /// <summary>Angle a of the strips in degrees: they measure u = y cos a + x sin a + offset.</summary>
    [Range(-90, 90)]
    public double Stereo { get; init; }
    /// <summary>Lowest and highest angle in degrees that 'sagitta optimise detector' may give it, of either sign; without it the angle
    /// stays.</summary>
    [Range(0, 90)]
    public IReadOnlyList<double>? StereoBetween { get; init; }
    /// <summary>The constant in u, mm.</summary>
    [Range(-1e6, 1e6)]
    public double Offset { get; init; }
}
