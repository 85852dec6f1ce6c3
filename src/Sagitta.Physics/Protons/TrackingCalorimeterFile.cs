using System.ComponentModel.DataAnnotations;

namespace Sagitta.Physics.Protons;

/// <summary>Reads and writes files of tracking calorimeters (docs/formats.md). Strict: an unknown field, a missing one or boxes that
/// overlap are errors that name file, line and field.</summary>
internal static class TrackingCalorimeterFile
{
    /// <summary>Name of the shipped calorimeter.</summary>
    public const string Shipped = "digital-tracking-calorimeter";

    /// <summary>Loads a file by path, or the shipped one by its name; names are looked up as those of detectors are.</summary>
    /// <exception cref="BadInputException">No such file or name, or the file breaks a rule.</exception>
    public static TrackingCalorimeter Load(string pathOrName)
    {
        string path = DetectorFile.Find(pathOrName) ?? throw new BadInputException(
            $"detector '{pathOrName}'", "there is no such file or shipped detector",
            $"give the path of a calorimeter file, or the name {Shipped}");
        return Parse(ConfigurationFile.ReadText(path), path);
    }

    /// <summary>Reads a calorimeter from YAML text; <paramref name="name"/> stands for the file in messages.</summary>
    /// <exception cref="BadInputException">The text breaks a rule.</exception>
    public static TrackingCalorimeter Parse(string text, string name) =>
        ConfigurationFile.Parse<CalorimeterDescription>(text, name).ToCalorimeter();

    /// <summary>A calorimeter as YAML text that <see cref="Parse"/> reads back equal.</summary>
    public static string Write(TrackingCalorimeter calorimeter) => ConfigurationFile.Write(CalorimeterDescription.Of(calorimeter));
}

/// <summary>The fields of a calorimeter file.</summary>
internal sealed record CalorimeterDescription : ICheckedOptions
{
    public required string Name { get; init; }
    public string Description { get; init; } = "";
    /// <summary>Material that fills what no slab fills.</summary>
    public required string Medium { get; init; }
    /// <summary>Half the width of every layer.</summary>
    public required HalfWidthDescription HalfWidth { get; init; }
    public required PhantomDescription Phantom { get; init; }
    /// <summary>Electrons above this energy in MeV leave their proton's deposit; none do where it is not given.</summary>
    [Range(1e-3, double.PositiveInfinity)]
    public double? ElectronThreshold { get; init; }
    public required ProtonBeam Beam { get; init; }
    public required IReadOnlyDictionary<string, Compound> Materials { get; init; }
    public required IReadOnlyList<LayerGroupDescription> Groups { get; init; }

    public static CalorimeterDescription Of(TrackingCalorimeter calorimeter)
    {
        Dictionary<string, Compound> materials = new(StringComparer.Ordinal);
        string NameOf(Compound material)
        {
            string name = material.Name;
            for (int i = 2; materials.TryGetValue(name, out Compound? other) && other != material with { Name = name }; i++)
            {
                name = string.Create(CultureInfo.InvariantCulture, $"{material.Name}{i}");
            }

            materials[name] = material with { Name = name };
            return name;
        }

        SlabDescription Slab(CompoundSlab slab) => new() { Material = NameOf(slab.Material), Thickness = slab.Thickness };
        return new()
        {
            Name = calorimeter.Name,
            Medium = NameOf(calorimeter.Medium),
            HalfWidth = new() { X = calorimeter.HalfWidthX, Y = calorimeter.HalfWidthY },
            Phantom = new() { Material = NameOf(calorimeter.Phantom), Centre = calorimeter.PhantomCentre },
            ElectronThreshold = double.IsFinite(calorimeter.ElectronThreshold) ? calorimeter.ElectronThreshold : null,
            Beam = calorimeter.Beam,
            Groups = [.. calorimeter.Groups.Select(group => new LayerGroupDescription
            {
                Name = group.Name,
                Count = group.Count,
                Front = group.Front,
                Pitch = group.Pitch,
                Before = [.. group.Before.Select(Slab)],
                Sensitive = Slab(group.Sensitive),
                After = [.. group.After.Select(Slab)],
            })],
            Materials = materials,
        };
    }

    public TrackingCalorimeter ToCalorimeter()
    {
        Dictionary<string, Compound> materials = Materials.ToDictionary(m => m.Key, m => m.Value with { Name = m.Key },
            StringComparer.Ordinal);
        CompoundSlab Slab(SlabDescription slab) => new(materials[slab.Material], slab.Thickness);
        return new()
        {
            Name = Name,
            Medium = materials[Medium],
            Phantom = materials[Phantom.Material],
            PhantomCentre = Phantom.Centre,
            HalfWidthX = HalfWidth.X,
            HalfWidthY = HalfWidth.Y,
            ElectronThreshold = ElectronThreshold ?? double.PositiveInfinity,
            Beam = Beam,
            Groups = [.. Groups.Select(group => new LayerGroup
            {
                Name = group.Name,
                Count = group.Count,
                Front = group.Front,
                Pitch = group.Pitch,
                Before = [.. group.Before.Select(Slab)],
                Sensitive = Slab(group.Sensitive),
                After = [.. group.After.Select(Slab)],
            })],
        };
    }

    public IEnumerable<OptionProblem> Check()
    {
        List<(string Field, string Material)> used = [("medium", Medium), ("phantom.material", Phantom.Material)];
        if (Groups.Count == 0)
        {
            yield return new(nameof(Groups), "there is no group of layers", "list at least one");
        }

        double back = double.NegativeInfinity;
        for (int i = 0; i < Groups.Count; i++)
        {
            LayerGroupDescription group = Groups[i];
            string path = string.Create(CultureInfo.InvariantCulture, $"groups[{i}]");
            used.Add(($"{path}.sensitive.material", group.Sensitive.Material));
            used.AddRange(group.Before.Select((slab, k) => ($"{path}.before[{k}].material", slab.Material)));
            used.AddRange(group.After.Select((slab, k) => ($"{path}.after[{k}].material", slab.Material)));
            if (group.Before.Append(group.Sensitive).Concat(group.After).Any(slab => slab.Thickness < 1e-6))
            {
                yield return new(path, "a slab has no thickness", "give a thickness of at least 1E-06");
            }

            double filled = group.Before.Sum(slab => slab.Thickness) + group.Sensitive.Thickness + group.After.Sum(slab => slab.Thickness);
            if (filled > group.Pitch + 1e-9)
            {
                yield return new($"{path}.pitch",
                    string.Create(CultureInfo.InvariantCulture, $"the slabs fill {filled} mm, more than the pitch"),
                    "give a larger pitch or thinner slabs");
            }

            if (group.Front < back - 1e-9)
            {
                yield return new($"{path}.front",
                    string.Create(CultureInfo.InvariantCulture, $"the group begins before the one before it ends, at {back} mm"),
                    "move it, or list groups in order of z");
            }

            back = group.Front + (group.Count * group.Pitch);
        }

        foreach ((string field, string material) in used.Where(use => !Materials.ContainsKey(use.Material)))
        {
            yield return new(field, $"there is no material '{material}'", Materials.Count == 0 ? "describe it under 'materials'"
                : $"did you mean '{NearestName.Of(material, Materials.Keys)}'?");
        }
    }
}

/// <summary>Half the width of every layer, mm.</summary>
internal sealed record HalfWidthDescription
{
    [Range(1e-3, double.PositiveInfinity)]
    public required double X { get; init; }
    [Range(1e-3, double.PositiveInfinity)]
    public required double Y { get; init; }
}

/// <summary>What a calorimeter file says of the phantom.</summary>
internal sealed record PhantomDescription
{
    public required string Material { get; init; }
    [Range(-1e6, 1e6)]
    public double Centre { get; init; }
}

/// <summary>What a calorimeter file says of a group of layers.</summary>
internal sealed record LayerGroupDescription
{
    public required string Name { get; init; }
    [Range(1, 500)]
    public required int Count { get; init; }
    [Range(-1e6, 1e6)]
    public required double Front { get; init; }
    [Range(1e-3, double.PositiveInfinity)]
    public required double Pitch { get; init; }
    public IReadOnlyList<SlabDescription> Before { get; init; } = [];
    public required SlabDescription Sensitive { get; init; }
    public IReadOnlyList<SlabDescription> After { get; init; } = [];
}
