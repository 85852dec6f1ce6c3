using System.ComponentModel.DataAnnotations;

namespace Sagitta.Physics.Detectors;

/// <summary>The fields of a detector file.</summary>
internal sealed record DetectorDescription : ICheckedOptions
{
    // Density 2.7 g/cm3 times 88.97 mm: an unnamed budget of radiation lengths is taken as aluminium spread over one millimetre.
    private const double AluminiumDensityTimesLength = 2.699 * 88.97;
    /// <summary>Name, stored in event files and models.</summary>
    public required string Name { get; init; }
    public string Description { get; init; } = "";
    /// <summary>Magnetic field along +x, T.</summary>
    [Range(-20.0, 20.0)]
    public required double Field { get; init; }
    /// <summary>Resolution of a plane, mm; expected of pitch and gas where it is not given.</summary>
    [Range(1e-6, 1e4)]
    public double? Resolution { get; init; }
    /// <summary>Material between planes and before the first; none is vacuum.</summary>
    public string Medium { get; init; } = "";
    public required IReadOnlyDictionary<string, Material> Materials { get; init; }
    /// <summary>Whether simulated muons radiate.</summary>
    public bool HardRadiation { get; init; }
    /// <summary>How strips fire.</summary>
    public Readout Readout { get; init; } = new();
    /// <summary>Offsets in mm that are added to those of planes: the first to each station's first plane, the second to its second and so
    /// on, from the beginning again where there are more planes.</summary>
    [Range(-1e6, 1e6)]
    public IReadOnlyList<double> Stagger { get; init; } = [];
    /// <summary>What planes share.</summary>
    public PlaneDescription Plane { get; init; } = new();
    /// <summary>Planes in increasing z.</summary>
    public required IReadOnlyList<PlaneDescription> Planes { get; init; }

    public static DetectorDescription Of(Detector detector)
    {
        Dictionary<string, Material> materials = new(detector.Materials, StringComparer.Ordinal);
        string NameOf(Material material)
        {
            string name = material.Name;
            for (int i = 2; materials.TryGetValue(name, out Material? other) && other != material; i++)
            {
                name = string.Create(CultureInfo.InvariantCulture, $"{material.Name}{i}");
            }

            materials[name] = material with { Name = name };
            return name;
        }

        SlabDescription[] Slabs(IReadOnlyList<Slab> slabs) =>
            [.. slabs.Select(slab => new SlabDescription { Material = NameOf(slab.Material), Thickness = slab.Thickness })];
        PlaneDescription[] planes = [.. detector.Planes.Select(plane => new PlaneDescription
        {
            Name = plane.Name.Length > 0 ? plane.Name : null,
            Z = plane.NominalZ,
            ShiftY = plane.ShiftY,
            ShiftZ = plane.ShiftZ,
            Between = plane.Between is var (low, high) ? [low, high] : null,
            Station = plane.Station,
            StripPitch = plane.StripPitch,
            Offset = plane.StripOffset,
            Gap = plane.GapThickness,
            Gas = detector.GasOf(plane).Name,
            Efficiency = plane.Efficiency,
            LorentzAngle = plane.LorentzAngle,
            Before = Slabs(plane.Before),
            After = Slabs(plane.After),
        })];
        return new()
        {
            Name = detector.Name,
            Field = detector.FieldTesla,
            Resolution = detector.StatedResolution,
            Medium = detector.Medium,
            HardRadiation = detector.HardRadiation,
            Materials = materials,
            Readout = detector.Readout,
            Planes = planes,
        };
    }

    public Detector ToDetector()
    {
        Dictionary<string, Material> materials = Materials.ToDictionary(m => m.Key, m => m.Value with { Name = m.Key },
            StringComparer.Ordinal);
        List<Plane> planes = [];
        int inStation = 0;
        foreach (PlaneDescription own in Planes)
        {
            PlaneDescription fields = own.Or(Plane);
            Slab[] Slabs(IReadOnlyList<SlabDescription>? slabs) =>
                [.. (slabs ?? []).Select(slab => new Slab(materials[slab.Material], slab.Thickness))];
            inStation = planes.Count > 0 && planes[^1].Station == own.Station ? inStation + 1 : 0;
            double? stagger = Stagger.Count > 0 ? Stagger[inStation % Stagger.Count] : null;
            Slab[] before = Slabs(fields.Before);
            List<Slab> after = [.. Slabs(fields.After)];
            double gasBudget = fields.Gap!.Value / materials[fields.Gas!].RadiationLength;
            if (fields.RadiationLengths is { } budget && budget > gasBudget)
            {
                double length = 1 / (budget - gasBudget);
                after.Add(new(new()
                {
                    Name = "budget",
                    RadiationLength = length,
                    Density = AluminiumDensityTimesLength / length,
                    MeanExcitationEnergy = 166,
                    ProtonsPerNucleon = 0.482
                }, 1));
            }

            planes.Add(new()
            {
                Name = own.Name ?? "",
                Z = own.Z!.Value + own.ShiftZ,
                ShiftY = own.ShiftY,
                ShiftZ = own.ShiftZ,
                Between = fields.Between is [double low, double high] ? (low, high) : null,
                Station = own.Station!.Value,
                StripPitch = fields.StripPitch!.Value,
                StripOffset = fields.Offset is null && stagger is null ? null : (fields.Offset ?? 0) + (stagger ?? 0),
                GapThickness = fields.Gap.Value,
                Gas = fields.Gas!,
                RadiationLengths = gasBudget + before.Sum(slab => slab.RadiationLengths) + after.Sum(slab => slab.RadiationLengths),
                Efficiency = fields.Efficiency ?? 1,
                LorentzAngle = fields.LorentzAngle ?? 0,
                Before = before,
                After = after,
            });
        }

        return new()
        {
            Name = Name,
            FieldTesla = Field,
            StatedResolution = Resolution,
            Planes = planes,
            Materials = materials,
            Medium = Medium,
            HardRadiation = HardRadiation,
            Readout = Readout,
        };
    }

    public IEnumerable<OptionProblem> Check()
    {
        if (Name.Length == 0)
        {
            yield return new(nameof(Name), "it is empty", "give a name");
        }

        if (Field == 0)
        {
            yield return new(nameof(Field), "without a field tracks are straight: their curvature and with it momenta can't be observed",
                "give the field in T, such as 1.0");
        }

        if (Medium.Length > 0 && !Materials.ContainsKey(Medium))
        {
            yield return NoMaterial("medium", Medium);
        }

        if (Readout.NoiseCharge > Readout.Threshold)
        {
            yield return new("readout.noiseCharge", "it is above the threshold, so that a sixth of all strips would fire without a charge",
                "give a noise below readout.threshold");
        }

        if (Plane.Z is not null || Plane.Station is not null || Plane.Name is not null || Plane.ShiftY != 0 || Plane.ShiftZ != 0)
        {
            yield return new("plane", "name, z, station and shifts are those of a single plane", "give them in the list 'planes'");
        }

        if (Planes.Count is 0 or > byte.MaxValue)
        {
            yield return new(nameof(Planes), "a detector has 1 to 255 planes", "list them as '- { z: 2000, station: 0 }'");
        }

        foreach (OptionProblem problem in CheckMaterials("plane", Plane))
        {
            yield return problem;
        }

        for (int i = 0; i < Planes.Count; i++)
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"planes[{i}]");
            foreach (OptionProblem problem in CheckMaterials(path, Planes[i]).Concat(CheckPlane(path, i)))
            {
                yield return problem;
            }
        }
    }

    // Problems are looked at one by one and the first ends the reading: later ones may rely on earlier ones not being there.
    private IEnumerable<OptionProblem> CheckPlane(string path, int index)
    {
        PlaneDescription own = Planes[index];
        PlaneDescription fields = own.Or(Plane);
        string? missing = own.Z is null ? "z" : own.Station is null ? "station" : fields.Gas is null or "" ? "gas"
            : fields.StripPitch is null ? "stripPitch" : fields.Gap is null ? "gap" : null;
        if (missing is not null)
        {
            yield return new($"{path}.{missing}", "the field is missing",
                missing is "z" or "station" ? "add it" : "give it for this plane, or for all under 'plane'");
        }

        PlaneDescription? previous = index > 0 ? Planes[index - 1] : null;
        if (previous is not null && own.Z + own.ShiftZ <= previous.Z + previous.ShiftZ)
        {
            yield return new($"{path}.z", string.Create(CultureInfo.InvariantCulture,
                $"planes are not in order ({own.Z + own.ShiftZ} after {previous.Z + previous.ShiftZ})"),
                "list them in increasing z");
        }

        if (fields.Between is not null && !(fields.Between is [double low, double high] && low <= own.Z && own.Z <= high))
        {
            yield return new($"{path}.between", "it is no range about the plane's z",
                "give the lowest and the highest z in mm, such as [2000, 5100]");
        }

        int expected = previous?.Station ?? -1;
        if (own.Station != expected && own.Station != expected + 1)
        {
            yield return new($"{path}.station", $"stations are not in order ({own.Station} after {(previous is null ? "none" : expected)})",
                "count stations from 0, without gaps, in order of z");
        }

        double gasBudget = fields.Gap!.Value / Materials[fields.Gas!].RadiationLength;
        if (fields.RadiationLengths > 0 && (fields.RadiationLengths <= gasBudget || fields.Before?.Count > 0 || fields.After?.Count > 0))
        {
            yield return new($"{path}.radiationLengths", "it is given beside 'before' and 'after', or is less than the gas alone",
                "describe the material in one way: slabs, or a budget above that of the gas");
        }

        double front = Front(fields);
        double back = 0;
        if (previous is not null)
        {
            PlaneDescription before = previous.Or(Plane);
            back = previous.Z!.Value + previous.ShiftZ + (before.Gap!.Value / 2) + (before.After?.Sum(slab => slab.Thickness) ?? 0)
                + (before.RadiationLengths > 0 ? 1 : 0);
        }

        if (front < back - 1e-9)
        {
            yield return new($"{path}.z", string.Create(CultureInfo.InvariantCulture, $"the plane begins at {front} mm, before {back} mm"),
                "move it, or make it or the plane before it thinner");
        }

        if (own.Name is { Length: > 0 } && Planes.Take(index).Any(plane => plane.Name == own.Name))
        {
            yield return new($"{path}.name", $"another plane is called '{own.Name}'", "give each plane a name of its own, or none");
        }
    }

    private static double Front(PlaneDescription plane) =>
        (plane.Before ?? []).Aggregate(plane.Z!.Value + plane.ShiftZ - (plane.Gap!.Value / 2), (z, slab) => z - slab.Thickness);

    private IEnumerable<OptionProblem> CheckMaterials(string path, PlaneDescription plane)
    {
        if (plane.Gas is { Length: > 0 } gas && !Materials.ContainsKey(gas))
        {
            yield return NoMaterial($"{path}.gas", gas);
        }

        foreach ((string list, IReadOnlyList<SlabDescription>? slabs) in new[] { ("before", plane.Before), ("after", plane.After) })
        {
            for (int i = 0; i < slabs?.Count; i++)
            {
                if (!Materials.ContainsKey(slabs[i].Material))
                {
                    yield return NoMaterial(string.Create(CultureInfo.InvariantCulture, $"{path}.{list}[{i}].material"), slabs[i].Material);
                }
            }
        }
    }

    private OptionProblem NoMaterial(string field, string given) => new(field, $"there is no material '{given}'",
        Materials.Count == 0 ? "describe it under 'materials'" : $"did you mean '{NearestName.Of(given, Materials.Keys)}'?");
}
