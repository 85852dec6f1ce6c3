namespace Sagitta.Physics.Protons;

/// <summary>Carries protons through phantom and calorimeter, and the protons they set free: energy loss with straggling, Coulomb
/// scattering, nuclear elastic scattering and reactions, a deposit in each sensitive layer. docs/physics.md has the formulas. Holds reused
/// memory: one a thread.</summary>
internal sealed class ProtonTransport(ProtonPlan plan)
{
    private const int ProtonCode = 2212;
    private const double LowestEnergy = 0.05;
    private const double LowestSecondary = 1;

    // Protons at more than about 84 degrees to the beam, and backward ones, are taken to stop where they are.
    private const double LowestCosine = 0.1;

    // A thick slab is crossed in pieces of a tenth of the range and 0.09 mm: the rule of the Geant4 reference's stepping.
    private const double RangePart = 0.1;
    private const double RangeRest = 0.09;
    private const double SmallestLever = 1e-6;

    // A phantom of several materials is crossed in pieces of 1 mm, and never emptier than air.
    private const double ShapePiece = 1;
    private const double LeastDensity = 1e-3;
    private readonly DrawBuffer _draws = new();
    private readonly NucleonCascade _cascade = new();
    private readonly Queue<ProtonState> _waiting = new();
    private int _tracks;

    /// <summary>Simulates the proton of a number and adds its passages and those of its secondaries, by layer and track.</summary>
    public void Simulate(int number, RandomKey root, CalorimeterDepositList passages)
    {
        _draws.Restart(root.Split((ulong)number));
        int first = passages.Count;
        _tracks = 1;
        _waiting.Enqueue(Start());
        while (_waiting.TryDequeue(out ProtonState proton))
        {
            Carry(ref proton, number, passages);
        }

        passages.SortEvent(first);
    }

    private ProtonState Start()
    {
        ProtonBeam beam = plan.Calorimeter.Beam;
        double left = Math.Sqrt(1 - (beam.Correlation * beam.Correlation));
        double x = _draws.NextGaussian();
        double y = _draws.NextGaussian();
        return new()
        {
            Track = 1,
            Parent = 0,
            X = beam.Size * x,
            Y = beam.Size * y,
            Direction = Direction.OfSlopes(
                beam.Divergence * ((beam.Correlation * x) + (left * _draws.NextGaussian())),
                beam.Divergence * ((beam.Correlation * y) + (left * _draws.NextGaussian()))),
            Energy = beam.Energy * (1 + (beam.EnergySpread * _draws.NextGaussian())),
        };
    }

    private void Carry(ref ProtonState proton, int number, CalorimeterDepositList passages)
    {
        double untilReaction = _draws.NextExponential();
        while (proton.Step < plan.Steps.Length)
        {
            ProtonStep step = plan.Steps[proton.Step];
            double length = step.Length * (1 - proton.Fraction) / proton.Direction.Z;
            double piece = 1;
            if (step.Thick)
            {
                // The thin slabs behind the thick one do not count for the rule.
                double allowed = (RangePart * step.Tables.Range.Range(proton.Energy)) + RangeRest;
                piece = allowed < length - (step.Behind / proton.Direction.Z) ? allowed / length : 1;
            }

            double density = 1;
            if (plan.Shape is { } shape && proton.Step == plan.ShapedStep)
            {
                piece = Math.Min(piece, ShapePiece / length);
                double ahead = length * piece * proton.Direction.Z / 2;
                (double x, double y, double z) = proton.Direction;
                density = Math.Max(LeastDensity, shape(proton.X + (ahead * x / z), proton.Y + (ahead * y / z),
                    step.Begin + (proton.Fraction * step.Length) + ahead));
            }

            double reactions = step.Tables.Targets.Total(proton.Energy) * length * piece * density;
            if (reactions > untilReaction)
            {
                // Elastic scattering leaves a proton that goes on from there.
                piece *= untilReaction / reactions;
                if (!Advance(ref proton, step, proton.Fraction + ((1 - proton.Fraction) * piece), density) || !React(ref proton, step))
                {
                    return;
                }

                untilReaction = _draws.NextExponential();
                continue;
            }

            untilReaction -= reactions;
            if (!Advance(ref proton, step, piece < 1 ? proton.Fraction + ((1 - proton.Fraction) * piece) : 1, density))
            {
                return;
            }

            if (piece < 1)
            {
                continue;
            }

            if (step.Layer >= 0 && !CrossLayer(ref proton, step, number, passages))
            {
                return;
            }

            proton.Step++;
            proton.Fraction = 0;
        }
    }

    // To a fraction of the step; false if the proton stops before.
    private bool Advance(ref ProtonState proton, ProtonStep step, double to, double density)
    {
        double from = proton.Fraction;
        double part = to - from;
        if (part <= 0)
        {
            return true;
        }

        RangeTable table = step.Tables.Range;
        double slant = 1 / proton.Direction.Z;
        double length = step.Length * part * slant * density;

        // Straggling gathers no further than the proton goes.
        double range = table.Range(proton.Energy);
        double straggling = step.LossStrength * part * slant * density * Math.Min(1, range / length) * ProtonStopping.StragglingPerStrength(
            proton.Energy);
        double before = proton.Energy + (Math.Sqrt(straggling) * _draws.NextGaussian());
        double after = table.Energy(table.Range(before) - length);
        if (!(after > LowestEnergy))
        {
            return false;
        }

        // Before the loss is taken: Geant4 scatters with the energy at the begin of a step.
        Scatter(ref proton, step, part, to, slant, density);
        proton.Energy = after;
        proton.Fraction = to;
        return proton.Direction.Z > LowestCosine;
    }

    private void Scatter(ref ProtonState proton, ProtonStep step, double part, double to, double slant, double density)
    {
        // The material of a piece is taken as even. The piece that ends a thick slab scatters at the slab's end, as Geant4 has it, which
        // displaces no particle at a boundary: the law of Fermi and Eyges would make kinks between layers up to a fifth narrower than the
        // reference's.
        bool whole = part == 1 && !step.Thick;
        bool atEnd = to == 1 && step.Thick;
        double depth = step.Length * part;
        double strength = step.Scattering * part * density;
        double lever0 = step.Behind + SmallestLever;
        double moment1 = whole ? step.Moment1 : atEnd ? strength * lever0 : strength * depth / 2;
        double moment2 = whole ? step.Moment2 : atEnd ? strength * lever0 * lever0 : strength * depth * depth / 3;
        double scale = 1 / ProtonKinematics.MomentumTimesVelocity(proton.Energy);
        double screening = step.ScreeningSquared * ProtonScattering.MoliereFactor(
            step.CouplingSquared, ProtonKinematics.VelocitySquared(proton.Energy));
        double core = ProtonScattering.Core(strength * slant, step.Electrons, screening, proton.Energy) / Math.Sqrt(strength) * scale;

        // Fermi and Eyges: the angle's variance goes with the strength, the displacement's with its second moment.
        double spread = core * Math.Sqrt(moment2) * slant;
        double correlation = moment1 / moment2 / slant;
        double rest = core * Math.Sqrt(Math.Max(strength - (moment1 * moment1 / moment2), 0));
        double displacementX = spread * _draws.NextGaussian();
        double displacementY = spread * _draws.NextGaussian();
        double angleX = (correlation * displacementX) + (rest * _draws.NextGaussian());
        double angleY = (correlation * displacementY) + (rest * _draws.NextGaussian());
        double cut = ProtonScattering.Cut(strength * slant);
        double momentum = ProtonKinematics.Momentum(proton.Energy);
        double largestOfElectrons = ProtonScattering.LargestElectronTransferSquared(proton.Energy);
        for (double place = _draws.NextExponential() / ProtonScattering.HardScatters; place < 1; place += _draws.NextExponential(
            ) / ProtonScattering.HardScatters)
        {
            double angle = cut / Math.Sqrt(_draws.NextUniform()) * scale;
            double azimuth = 2 * Math.PI * _draws.NextUniform();
            double transfer = angle * momentum;
            double point = 1 / (1 + (transfer * transfer / (ProtonScattering.NuclearTransfer * ProtonScattering.NuclearTransfer)));
            double electronic = transfer * transfer < largestOfElectrons ? step.Electrons : 0;
            if (angle < 1 && _draws.NextUniform() < electronic + ((1 - step.Electrons) * point * point))
            {
                double lever = slant * (whole ? step.DistanceAtQuantile(place) : atEnd ? lever0 : (1 - place) * depth);
                angleX += angle * Math.Cos(azimuth);
                angleY += angle * Math.Sin(azimuth);
                displacementX += lever * angle * Math.Cos(azimuth);
                displacementY += lever * angle * Math.Sin(azimuth);
            }
        }

        // Straight on, then across the flight and back along it into the plane of the step's end.
        Direction old = proton.Direction;
        (Direction a, Direction b) = old.Perpendiculars();
        double back = ((displacementX * a.Z) + (displacementY * b.Z)) / old.Z;
        proton.X += (depth * slant * old.X) + (displacementX * a.X) + (displacementY * b.X) - (back * old.X);
        proton.Y += (depth * slant * old.Y) + (displacementX * a.Y) + (displacementY * b.Y) - (back * old.Y);
        proton.Direction = old.Plus(angleX, angleY);
    }

    // False if the proton ends there.
    private bool React(ref ProtonState proton, ProtonStep step)
    {
        (Element element, bool inelastic) = step.Tables.Targets.Choose(proton.Energy, _draws.NextUniform());
        if (inelastic)
        {
            foreach (Momentum product in _cascade.React(proton.Energy, proton.Direction, element, _draws))
            {
                Release(proton, product);
            }

            return false;
        }

        if (element.Protons == 1)
        {
            (Momentum a, Momentum b) = NucleonCollision.Collide(
                ProtonKinematics.Momentum(proton.Energy), proton.Direction, default, _draws);
            Release(proton, b);
            proton.Energy = a.KineticEnergy;
            proton.Direction = a.Direction;
        }
        else
        {
            double momentum = ProtonKinematics.Momentum(proton.Energy);
            double square = -Math.Log(_draws.NextUniform()) / ProtonScattering.NuclearSlope(element, proton.Energy);
            double cosine = Math.Max(1 - (square / (2 * momentum * momentum)), -1);
            proton.Energy = Math.Max(proton.Energy - (square / (2 * ProtonKinematics.Mass * element.MassNumber)), LowestEnergy);
            proton.Direction = proton.Direction.Turned(cosine, 2 * Math.PI * _draws.NextUniform());
        }

        return proton.Direction.Z > LowestCosine;
    }

    private void Release(in ProtonState parent, Momentum momentum)
    {
        Direction direction = momentum.Direction;
        double energy = momentum.KineticEnergy;
        if (direction.Z > LowestCosine && energy > LowestSecondary)
        {
            _waiting.Enqueue(parent with { Track = ++_tracks, Parent = parent.Track, Direction = direction, Energy = energy });
        }
    }

    // False if the proton stops there or passes beside the layer.
    private bool CrossLayer(ref ProtonState proton, ProtonStep step, int number, CalorimeterDepositList passages)
    {
        SensitiveSlab layer = plan.Layers[step.Layer];
        double slant = 1 / proton.Direction.Z;
        double half = layer.Thickness / 2 * slant;
        double x = proton.X + (half * proton.Direction.X);
        double y = proton.Y + (half * proton.Direction.Y);
        if (Math.Abs(x) > plan.Calorimeter.HalfWidthX || Math.Abs(y) > plan.Calorimeter.HalfWidthY)
        {
            return false;
        }

        (double deposit, double loss) = layer.Cross(proton.Energy, layer.Thickness * slant, _draws);
        passages.Add(new(number, proton.Track, proton.Parent, ProtonCode, step.Layer, x, y, plan.LayerPositions[step.Layer], deposit));
        proton.X = x + (half * proton.Direction.X);
        proton.Y = y + (half * proton.Direction.Y);
        proton.Energy -= loss;
        return proton.Energy > LowestEnergy;
    }
}

/// <summary>A proton on its way: where it is in which step, and its kinetic energy in MeV.</summary>
internal record struct ProtonState
{
    public int Track;
    public int Parent;
    public int Step;
    public double Fraction;
    public double X;
    public double Y;
    public Direction Direction;
    public double Energy;
}
