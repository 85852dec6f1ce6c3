namespace Sagitta.Physics.Protons;

/// <summary>What the simulation computes once of a calorimeter behind a phantom. Immutable, shared by threads.</summary>
internal sealed class ProtonPlan
{
    /// <summary>The way through a calorimeter behind so many mm of its phantom.</summary>
    /// <exception cref="ArgumentException">The phantom does not fit between source and first layer.</exception>
    public ProtonPlan(TrackingCalorimeter calorimeter, double phantom)
    {
        Calorimeter = calorimeter;
        PhantomThickness = phantom;
        LayerPositions = [.. calorimeter.LayerPositions];
        double front = calorimeter.PhantomCentre - (phantom / 2);
        if (!(phantom >= 0) || front < calorimeter.Beam.Z || front + phantom > calorimeter.Groups[0].Front)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"A phantom of {phantom} mm does not fit between the source at {calorimeter.Beam.Z} mm and the first layer's box at "
                    + $"{calorimeter.Groups[0].Front} mm."),
                nameof(phantom));
        }

        StepBuilder builder = new(calorimeter.Beam.Z, calorimeter.Medium);
        builder.Fill(front);
        if (phantom > 0)
        {
            builder.Add(new(calorimeter.Phantom, phantom));
            ShapedStep = builder.Steps.Count;
        }

        int layer = 0;
        foreach (LayerGroup group in calorimeter.Groups)
        {
            for (int box = 0; box < group.Count; box++)
            {
                builder.Fill(group.Front + (box * group.Pitch));
                foreach (CompoundSlab slab in group.Before)
                {
                    builder.Add(slab);
                }

                builder.EndAtLayer(layer++, group.Sensitive);
                foreach (CompoundSlab slab in group.After)
                {
                    builder.Add(slab);
                }
            }
        }

        Steps = [.. builder.Steps];
        Layers = [.. calorimeter.Groups.SelectMany(group =>
            Enumerable.Repeat(new SensitiveSlab(group.Sensitive, calorimeter.ElectronThreshold), group.Count))];
    }

    public TrackingCalorimeter Calorimeter { get; }
    /// <summary>Thickness of the phantom, mm.</summary>
    public double PhantomThickness { get; }
    /// <summary>Stopping power relative to the phantom's material at x, y and z within the phantom's thickness; null where that is filled
    /// evenly. Straggling, scattering and reactions there are those of as much of the phantom's material as has the same loss.</summary>
    public Func<double, double, double, double>? Shape { get; private set; }

    internal int ShapedStep { get; } = -1;
    internal double[] LayerPositions { get; }
    internal ProtonStep[] Steps { get; }
    internal SensitiveSlab[] Layers { get; }

    /// <summary>The same way with another phantom of the same thickness.</summary>
    public ProtonPlan Through(Func<double, double, double, double> shape)
    {
        var plan = (ProtonPlan)MemberwiseClone();
        plan.Shape = shape;
        return plan;
    }

    private sealed class StepBuilder(double z, Compound medium)
    {
        // A slab of more radiation lengths is a step of its own, with what thin slabs follow up to this part of its thickness.
        private const double ThickSlab = 0.005;
        private const double Appendix = 0.03;
        private readonly Dictionary<string, StepTables> _tables = new(StringComparer.Ordinal);
        private readonly List<CompoundSlab> _slabs = [];
        private double _begin = z;
        private double _z = z;

        public List<ProtonStep> Steps { get; } = [];

        public void Fill(double to)
        {
            if (to > _z + 1e-9)
            {
                Add(new(medium, to - _z));
            }
        }

        public void Add(CompoundSlab slab)
        {
            bool apart = IsThick(slab) || (_slabs.Count > 0 && IsThick(_slabs[0]) && slab.Thickness > Appendix * _slabs[0].Thickness);
            if (apart && _slabs.Count > 0)
            {
                End(-1);
            }

            _slabs.Add(slab);
            _z += slab.Thickness;
        }

        public void EndAtLayer(int layer, CompoundSlab sensitive)
        {
            // Scattering in the sensitive layer itself is left out: 0.6 % of that in 3.5 mm of aluminium.
            End(layer);
            _z += sensitive.Thickness;
            _begin = _z;
        }

        private static bool IsThick(CompoundSlab slab) => slab.Thickness / slab.Material.RadiationLength > ThickSlab;

        private void End(int layer)
        {
            if (_slabs.Count == 0)
            {
                // Two sensitive layers touch.
                _slabs.Add(new(medium, 1e-6));
            }

            string mixture = string.Join(';', _slabs.GroupBy(slab => slab.Material.Name, StringComparer.Ordinal)
                .Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Key}:{group.Sum(slab => slab.Thickness):F6}")));
            if (!_tables.TryGetValue(mixture, out StepTables? tables))
            {
                tables = new(new(_slabs), new(_slabs));
                _tables[mixture] = tables;
            }

            Steps.Add(new(_begin, [.. _slabs], IsThick(_slabs[0]), layer, tables));
            _slabs.Clear();
            _begin = _z;
        }
    }
}

/// <summary>A stretch of the way from source to back, taken as mixed in all but where its material scatters.</summary>
internal sealed class ProtonStep
{
    private readonly IReadOnlyList<CompoundSlab> _slabs;

    public ProtonStep(double begin, IReadOnlyList<CompoundSlab> slabs, bool thick, int layer, StepTables tables)
    {
        _slabs = slabs;
        Begin = begin;
        Layer = layer;
        Thick = thick;
        Length = slabs.Sum(slab => slab.Thickness);
        Tables = tables;
        double left = Length;
        double screening = 0;
        double electrons = 0;
        foreach (CompoundSlab slab in slabs)
        {
            double near = left - slab.Thickness;
            double power = ScatteringPower(slab.Material);
            Scattering += slab.Thickness * power;
            screening += slab.Thickness * power * Math.Log(ProtonScattering.ScreeningSquared(slab.Material));
            electrons += slab.Thickness * ProtonScattering.ElectronicPower(slab.Material);
            CouplingSquared += slab.Thickness * power * ProtonScattering.CouplingSquared(slab.Material);
            Moment1 += power * ((left * left) - (near * near)) / 2;
            Moment2 += power * ((left * left * left) - (near * near * near)) / 3;
            LossStrength += ProtonStopping.Strength(slab.Material) * slab.Thickness;
            left = near;
        }

        ScreeningSquared = Math.Exp(screening / Scattering);
        CouplingSquared /= Scattering;
        Electrons = electrons / Scattering;
        Behind = thick ? Length - slabs[0].Thickness : 0;
    }

    /// <summary>z of its begin, mm.</summary>
    public double Begin { get; }
    /// <summary>Length along z, mm.</summary>
    public double Length { get; }
    /// <summary>The sensitive layer at its end, or -1.</summary>
    public int Layer { get; }
    /// <summary>Whether it is one thick slab; it is then crossed in pieces, none much longer than a tenth of the range that is
    /// left.</summary>
    public bool Thick { get; }
    /// <summary>Of a thick step: length of the thin slabs behind the thick one, mm.</summary>
    public double Behind { get; }
    /// <summary>Range and reactions in its mixture.</summary>
    public StepTables Tables { get; }
    /// <summary>Strength of Coulomb scattering at normal incidence, (chi_c p beta)^2 of nuclei and electrons, MeV^2.</summary>
    public double Scattering { get; }
    /// <summary>The electrons' share of the strength.</summary>
    public double Electrons { get; }
    /// <summary><see cref="ProtonScattering.ScreeningSquared"/>, its logarithm averaged over the strength.</summary>
    public double ScreeningSquared { get; }
    /// <summary><see cref="ProtonScattering.CouplingSquared"/>, averaged over the strength.</summary>
    public double CouplingSquared { get; }
    /// <summary>Integral over the strength of the distance to the end, MeV^2 mm.</summary>
    public double Moment1 { get; }
    /// <summary>The same of its square.</summary>
    public double Moment2 { get; }
    /// <summary>xi at velocity 1, MeV.</summary>
    public double LossStrength { get; }

    /// <summary>Distance in mm from the step's end to a place drawn along it by the strength of scattering.</summary>
    public double DistanceAtQuantile(double quantile)
    {
        double target = quantile * Scattering;
        double left = Length;
        foreach (CompoundSlab slab in _slabs)
        {
            double power = ScatteringPower(slab.Material);
            double part = slab.Thickness * power;
            if (target < part)
            {
                return left - (target / power);
            }

            target -= part;
            left -= slab.Thickness;
        }

        return 0;
    }

    private static double ScatteringPower(Compound material) =>
        ProtonScattering.NuclearPower(material) + ProtonScattering.ElectronicPower(material);
}

/// <summary>What depends on a step's mixture alone: steps of one mixture share it.</summary>
/// <param name="Range">Range and energy.</param>
/// <param name="Targets">Nuclear reactions.</param>
internal sealed record StepTables(RangeTable Range, NuclearTargets Targets);
