namespace Sagitta.Physics.Simulation;

/// <summary>Follows electrons through the detector's flat layers in short steps: helix in the field, continuous energy loss, Gaussian
/// multiple scattering. Each passage of a gas gap becomes one deposit. An electron that can no longer reach any gap is dropped, as its
/// further path leaves nothing. Immutable: shared by threads.</summary>
internal sealed class ElectronTracker
{
    /// <summary>Transfers below this, in keV, are charge on the muon's own path.</summary>
    public const double LowestInGas = 0.99;

    // The reference sample's threshold in FR4: softer electrons from the last 0.02 mm of a wall are left out there and here.
    private const double LowestInSolids = 45;
    private const double MassKilo = PhysicalConstants.ElectronMass / PhysicalConstants.KiloElectronVolt;
    private const double LossPerStep = 0.15;
    private const double TurnPerStep = 0.4;
    private const double AnglePerStep = 0.4;
    private const int MostSteps = 4000;

    private readonly double[] _start;
    private readonly double[] _end;
    private readonly int[] _plane;
    private readonly int[] _material;
    private readonly double[] _density;
    private readonly double[] _strength;
    private readonly double[] _radiationLength;
    private readonly double[] _massBefore;
    private readonly double[] _massBehind;
    private readonly double[] _lengthBefore;
    private readonly double[] _lengthBehind;
    private readonly ElectronStopping[] _stopping;
    private readonly ElectronStopping _reference;
    private readonly double _referenceDensity;
    private readonly double _curvature;

    public ElectronTracker(Detector detector)
    {
        IReadOnlyList<TraversedSlab> slabs = detector.TraversedMaterial();
        int n = slabs.Count;
        Material[] materials = [.. slabs.Select(slab => slab.Material).Distinct()];
        _stopping = [.. materials.Select(material => new ElectronStopping(material))];
        _start = [.. slabs.Select(slab => slab.Start)];
        _end = [.. slabs.Select(slab => slab.End)];
        _plane = [.. slabs.Select(slab => slab.GapOfPlane)];
        _material = [.. slabs.Select(slab => Array.IndexOf(materials, slab.Material))];
        _density = [.. slabs.Select(slab => slab.Material.Density)];
        _radiationLength = [.. slabs.Select(slab => slab.Material.RadiationLength)];
        _strength = [.. slabs.Select(slab => BetheLoss.Strength(slab.Material, 1) / PhysicalConstants.KiloElectronVolt)];
        _massBefore = new double[n];
        _massBehind = new double[n];
        _lengthBefore = new double[n];
        _lengthBehind = new double[n];
        double mass = double.PositiveInfinity;
        double length = double.PositiveInfinity;
        for (int s = 0; s < n; s++)
        {
            _massBefore[s] = mass;
            _lengthBefore[s] = length;
            mass = _plane[s] >= 0 ? 0 : mass + (slabs[s].Thickness * _density[s]);
            length = _plane[s] >= 0 ? 0 : length + slabs[s].Thickness;
        }

        mass = double.PositiveInfinity;
        length = double.PositiveInfinity;
        for (int s = n - 1; s >= 0; s--)
        {
            _massBehind[s] = mass;
            _lengthBehind[s] = length;
            mass = _plane[s] >= 0 ? 0 : mass + (slabs[s].Thickness * _density[s]);
            length = _plane[s] >= 0 ? 0 : length + slabs[s].Thickness;
        }

        // Ranges in mass per area hardly depend on the material: any solid of the detector measures them for the test of reach.
        Material densest = materials.MaxBy(material => material.Density)
            ?? throw new InvalidOperationException($"Detector '{detector.Name}' has no material.");
        _reference = _stopping[Array.IndexOf(materials, densest)];
        _referenceDensity = densest.Density;
        _curvature = PhysicalConstants.CurvaturePerTesla * detector.FieldTesla / PhysicalConstants.KiloElectronVolt;
    }

    /// <summary>The lowest kinetic energy in keV that can get from a place in a slab to a gap.</summary>
    public double LowestToReachGap(int slab, double z)
    {
        double before = _massBefore[slab] + ((z - _start[slab]) * _density[slab]);
        double behind = _massBehind[slab] + ((_end[slab] - z) * _density[slab]);
        double byRange = _reference.EnergyOfRange(Math.Min(before, behind) / _referenceDensity);
        double length = Math.Min(_lengthBefore[slab] + z - _start[slab], _lengthBehind[slab] + _end[slab] - z);
        double momentum = Math.Abs(_curvature) * length / 2;
        double byCurl = Math.Sqrt((momentum * momentum) + (MassKilo * MassKilo)) - MassKilo;
        return Math.Max(Math.Max(byRange, byCurl), LowestInSolids);
    }

    /// <summary>The slab at a place, the first or last one beyond the detector.</summary>
    public int SlabAt(double z)
    {
        int slab = 0;
        while (slab < _end.Length - 1 && z >= _end[slab])
        {
            slab++;
        }

        return slab;
    }

    /// <summary>How far along z from a place this many radiation lengths end, mm; NaN where the detector ends before.</summary>
    public double DistanceTo(double z, double radiationLengths)
    {
        double left = radiationLengths;
        for (int slab = SlabAt(z); slab < _end.Length; slab++)
        {
            double from = Math.Max(z, _start[slab]);
            double part = (_end[slab] - from) / _radiationLength[slab];
            if (left < part)
            {
                return from + (left * _radiationLength[slab]) - z;
            }

            left -= part;
        }

        return double.NaN;
    }

    /// <summary>Follows one electron and adds its deposits.</summary>
    /// <param name="slab">Slab where it begins.</param>
    /// <param name="y">Where it begins, mm.</param>
    /// <param name="z">Where it begins, mm.</param>
    /// <param name="direction">Unit vector along x, y, z.</param>
    /// <param name="energy">Kinetic energy, keV.</param>
    /// <param name="time">Time at its begin, ns, from z = 0.</param>
    /// <param name="particle">Its number within the event.</param>
    /// <param name="draws">Where its scattering comes from.</param>
    /// <param name="deposits">Where its deposits go.</param>
    /// <param name="charge">1 for a positron, whose annihilation is left out.</param>
    public void Follow(
        int slab, double y, double z, (double X, double Y, double Z) direction, double energy, double time, int particle, DrawBuffer draws,
            DepositList deposits, int charge = -1)
    {
        (double ux, double uy, double uz) = direction;
        double deposited = 0;
        double yIn = y;
        double zIn = z;
        double timeIn = time;
        for (int steps = 0; steps < MostSteps; steps++)
        {
            bool inGas = _plane[slab] >= 0;
            double momentum = Math.Sqrt(energy * (energy + (2 * MassKilo)));
            if (!inGas && !CanReachGap(slab, z, energy, momentum))
            {
                return;
            }

            ElectronStopping stopping = _stopping[_material[slab]];
            double loss = inGas ? stopping.SoftLoss(energy) : stopping.Loss(energy);
            double velocity = momentum / (energy + MassKilo);
            double scatter = stopping.Scattering(energy);
            double length = Math.Min(LossPerStep * energy, Math.Max(energy - ElectronStopping.Lowest, 0.05 * energy)) / loss;
            length = Math.Min(length, AnglePerStep * AnglePerStep / scatter);
            length = Math.Min(length, TurnPerStep * momentum / Math.Max(Math.Abs(_curvature), 1e-30));

            // To the slab's border along the present direction; the step's turn is small against it.
            int next = slab;
            double toBorder = uz > 0 ? (_end[slab] - z) / uz : uz < 0 ? (_start[slab] - z) / uz : double.PositiveInfinity;
            if (toBorder <= length)
            {
                length = Math.Max(toBorder, 0);
                next = uz > 0 ? slab + 1 : slab - 1;
            }

            // An electron bends the other way than a positive muon: towards -y when it flies along +z.
            double turn = charge * _curvature * length / momentum;
            double middleY = uy + (turn / 2 * uz);
            double middleZ = uz - (turn / 2 * uy);
            y += length * middleY;
            z = next == slab ? z + (length * middleZ) : uz > 0 ? _end[slab] : _start[slab];
            if (next == slab)
            {
                z = Math.Clamp(z, _start[slab], _end[slab]);
            }

            time += length / (PhysicalConstants.SpeedOfLight * velocity);
            (double sine, double cosine) = (turn * (1 - (turn * turn / 6)), 1 - (turn * turn / 2));
            (uy, uz) = ((cosine * uy) + (sine * uz), (cosine * uz) - (sine * uy));
            Scatter(ref ux, ref uy, ref uz, Math.Sqrt(scatter * length), draws);

            double lost = Math.Min(inGas ? SoftTransfers(loss * length, draws) : loss * length, energy);
            energy -= lost;
            deposited += inGas ? lost : 0;
            if (inGas && energy > 2 * ElectronStopping.Lowest)
            {
                energy -= FreeSecond(slab, y, z, (ux, uy, uz), energy, length, time, particle, draws, deposits);
            }

            bool stops = energy <= ElectronStopping.Lowest;
            if (inGas && (stops || next != slab))
            {
                deposited += stops ? energy : 0;
                double centre = (_start[slab] + _end[slab]) / 2;
                deposits.Add(_plane[slab], DepositSource.Electron, particle, yIn, y, zIn - centre, z - centre, deposited,
                    timeIn - (centre / PhysicalConstants.SpeedOfLight));
            }

            if (stops || next < 0 || next >= _plane.Length)
            {
                return;
            }

            if (next != slab)
            {
                slab = next;
                deposited = 0;
                yIn = y;
                zIn = z;
                timeIn = time;
            }
        }
    }

    // Transfers too small for an electron of their own, about 60 eV each with an exponential spread.
    private static double SoftTransfers(double mean, DrawBuffer draws)
    {
        const double Each = 0.1;
        double sum = 0;
        if (mean > 10 * Each)
        {
            return Math.Max(mean + (Math.Sqrt(2 * mean * Each) * draws.NextGaussian()), 0);
        }

        for (double left = mean - (Each * draws.NextExponential()); left > 0; left -= Each * draws.NextExponential())
        {
            sum += Each * draws.NextExponential();
        }

        return sum;
    }

    // A secondary electron of the gas follows the same laws; returns its energy, 0 where there is none in this step.
    private double FreeSecond(
        int slab, double y, double z, (double X, double Y, double Z) direction, double energy, double length, double time, int particle,
            DrawBuffer draws, DepositList deposits)
    {
        double gamma = (energy / MassKilo) + 1;
        double rate = _strength[slab] / (1 - (1 / (gamma * gamma))) * length / ElectronStopping.Lowest;
        if (draws.NextUniform() >= rate)
        {
            return 0;
        }

        double transfer = ElectronStopping.Lowest / draws.NextUniform();
        if (transfer > energy / 2)
        {
            return 0;
        }

        double cosine = Math.Sqrt(transfer * (energy + (2 * MassKilo)) / (energy * (transfer + (2 * MassKilo))));
        double away = Math.Sqrt(Math.Max(1 - (cosine * cosine), 0));
        (double sinPhi, double cosPhi) = Math.SinCos(2 * Math.PI * draws.NextUniform());
        (double ux, double uy, double uz) = direction;
        Deflect(ref ux, ref uy, ref uz, cosine, away * cosPhi, away * sinPhi);
        Follow(slab, y, z, (ux, uy, uz), transfer, time, particle, draws, deposits);
        return transfer;
    }

    private static void Scatter(ref double ux, ref double uy, ref double uz, double width, DrawBuffer draws) =>
        Deflect(ref ux, ref uy, ref uz, 1, width * draws.NextGaussian(), width * draws.NextGaussian());

    // Turns a direction into along times itself plus a and b times an orthonormal pair across it (Duff et al., Journal of Computer
    // Graphics Techniques 6 (2017) 1), normalised.
    private static void Deflect(ref double ux, ref double uy, ref double uz, double along, double a, double b)
    {
        double sign = Math.CopySign(1, uz);
        double c = -1 / (sign + uz);
        double d = ux * uy * c;
        (double x, double y) = (ux, uy);
        ux = (along * x) + (a * (1 + (sign * x * x * c))) + (b * d);
        uy = (along * y) + (a * sign * d) + (b * (sign + (y * y * c)));
        uz = (along * uz) - (a * sign * x) - (b * y);
        double norm = 1 / Math.Sqrt((ux * ux) + (uy * uy) + (uz * uz));
        ux *= norm;
        uy *= norm;
        uz *= norm;
    }

    private bool CanReachGap(int slab, double z, double energy, double momentum)
    {
        double before = z - _start[slab];
        double behind = _end[slab] - z;
        double length = Math.Min(_lengthBefore[slab] + before, _lengthBehind[slab] + behind);
        if (length * Math.Abs(_curvature) > 2 * momentum)
        {
            return false;
        }

        double mass = Math.Min(_massBefore[slab] + (before * _density[slab]), _massBehind[slab] + (behind * _density[slab]));
        return _reference.Range(energy) * _referenceDensity >= mass;
    }
}
