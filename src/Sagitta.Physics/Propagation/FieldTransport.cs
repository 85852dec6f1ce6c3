using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sagitta.Physics.Propagation;

/// <summary>
/// Carries particles along z through a field, cell by cell: a step uses the formula of one cell and ends where the particle leaves that
/// cell, so that the kinks at cell walls cost no accuracy. Steps within a cell shrink until their estimated error is below the tolerance.
/// </summary>
/// <param name="Field">The field.</param>
/// <param name="Scale">Factor of the field.</param>
/// <param name="Tolerance">Largest estimated error of a step's position, mm.</param>
internal sealed record FieldTransport(MagneticField Field, double Scale = 1, double Tolerance = 1e-5)
{
    // Steeper than this against the beam, a particle is on its way back.
    public const double LargestSlant = 20;
    private const int MostSteps = 20_000;
    private const double ShortestStep = 1e-3;

    // A step that leaves its cell by less than this has ended at the wall; a place this far on tells the next cell.
    private const double WallTolerance = 1e-9;
    private const double Ahead = 1e-6;

    /// <summary>Carries a state from one z to another, forwards or back.</summary>
    public TransportStatus Carry(ref TrackState state, double from, double to) =>
        Carry(ref state, from, to, ref Unsafe.NullRef<StateJacobian>());

    /// <summary>The same with the derivatives, which go on from those that are given.</summary>
    public TransportStatus Carry(ref TrackState state, double from, double to, ref StateJacobian jacobian)
    {
        double direction = Math.Sign(to - from);
        double z = from;
        double limit = double.PositiveInfinity;
        for (int steps = 0; (to - z) * direction > 0; steps++)
        {
            if (!double.IsFinite(state.X + state.Y + state.Tx + state.Ty))
            {
                return TransportStatus.NotFinite;
            }

            if (!(state.Slant < LargestSlant))
            {
                return TransportStatus.TurnedBack;
            }

            if (steps == MostSteps)
            {
                return TransportStatus.TooManySteps;
            }

            FieldCell cell = CellAhead(state, z, direction);
            if (cell.IsOutside)
            {
                (double length, Face face) = WayToBox(state, z, to - z, direction);
                state = state.Moved(length);
                if (!Unsafe.IsNullRef(ref jacobian))
                {
                    jacobian.Move(length);
                }

                z = length == to - z ? to : z + length;
                CrossFace(face, state, z, direction, enters: true, ref jacobian);
                continue;
            }

            FieldBox walls = Field.WallsOf(cell);
            double end = direction > 0 ? Math.Min(walls.HighZ, to) : Math.Max(walls.LowZ, to);
            double h = end - z;
            h = Math.Abs(h) > limit ? limit * direction : h;
            TrackState next = state;
            double error = NystroemStep.Make(Field, cell, Scale, z, h, ref next, ref Unsafe.NullRef<StateJacobian>());
            if (!(error <= Tolerance) && Math.Abs(h) > ShortestStep)
            {
                // The estimate is that of the local error before the last order: it falls with the fourth power.
                limit = Math.Max(Math.Abs(h) * Math.Clamp(0.9 * Math.Sqrt(Math.Sqrt(Tolerance / error)), 0.1, 0.9), ShortestStep);
                limit = double.IsNaN(limit) ? Math.Abs(h) / 10 : limit;
                continue;
            }

            Face left = Face.None;
            if (next.X < walls.LowX - WallTolerance || next.X > walls.HighX + WallTolerance || next.Y < walls.LowY - WallTolerance
                || next.Y > walls.HighY + WallTolerance)
            {
                (h, left) = ToWall(cell, walls, state, next, z, h);
            }

            NystroemStep.Make(Field, cell, Scale, z, h, ref state, ref jacobian);
            z = h == end - z ? end : z + h;
            limit = Math.Max(2 * Math.Abs(h), 1);
            if (left != Face.None && CellAhead(state, z, direction).IsOutside)
            {
                CrossFace(left, state, z, direction, enters: false, ref jacobian);
            }
        }

        return double.IsFinite(state.X + state.Y + state.Tx + state.Ty) ? TransportStatus.Reached : TransportStatus.NotFinite;
    }

    private FieldCell CellAhead(in TrackState state, double z, double direction)
    {
        double ahead = Ahead * direction;
        return Field.CellAt(state.X + (state.Tx * ahead), state.Y + (state.Ty * ahead), z + ahead);
    }

    // The length of the step that ends where the particle leaves its cell through a face along z: Newton's method on whole steps.
    private (double Length, Face Face) ToWall(in FieldCell cell, in FieldBox walls, in TrackState state, in TrackState next, double z,
        double h)
    {
        double least = 1;
        Face face = Face.None;
        double wall = 0;
        void Try(double from, double to, double place, Face which)
        {
            double fraction = (place - from) / (to - from);
            if (fraction < least)
            {
                (least, face, wall) = (fraction, which, place);
            }
        }

        if (next.X < walls.LowX || next.X > walls.HighX)
        {
            Try(state.X, next.X, next.X < walls.LowX ? walls.LowX : walls.HighX, Face.AcrossX);
        }

        if (next.Y < walls.LowY || next.Y > walls.HighY)
        {
            Try(state.Y, next.Y, next.Y < walls.LowY ? walls.LowY : walls.HighY, Face.AcrossY);
        }

        double length = h * Math.Max(least, 0);
        for (int i = 0; i < 8; i++)
        {
            TrackState at = state;
            NystroemStep.Make(Field, cell, Scale, z, length, ref at, ref Unsafe.NullRef<StateJacobian>());
            double miss = face == Face.AcrossX ? at.X - wall : at.Y - wall;
            double change = miss / (face == Face.AcrossX ? at.Tx : at.Ty);
            if (!(Math.Abs(miss) > WallTolerance / 10) || !double.IsFinite(change))
            {
                break;
            }

            length = Math.Clamp((length - change) / h, 0, 1) * h;
        }

        // A particle along a wall would make no way.
        return (Math.Abs(length) < ShortestStep ? Math.CopySign(Math.Min(ShortestStep, Math.Abs(h)), h) : length, face);
    }

    // How far it is to where the box begins, or to the end of the way.
    private (double Length, Face Face) WayToBox(in TrackState state, double z, double length, double direction)
    {
        FieldBox box = Field.Box;
        double begin = 0;
        double end = Math.Abs(length);
        Face face = Face.None;
        void Cut(double place, double slope, double low, double high, Face which)
        {
            double rate = slope * direction;
            (double enter, double leave) = rate == 0
                ? (place >= low && place <= high ? double.NegativeInfinity : double.PositiveInfinity, double.PositiveInfinity)
                : (((rate > 0 ? low : high) - place) / rate, ((rate > 0 ? high : low) - place) / rate);
            if (enter > begin)
            {
                (begin, face) = (enter, which);
            }

            end = Math.Min(end, leave);
        }

        Cut(z, 1, box.LowZ, box.HighZ, Face.AcrossZ);
        Cut(state.X, state.Tx, box.LowX, box.HighX, Face.AcrossX);
        Cut(state.Y, state.Ty, box.LowY, box.HighY, Face.AcrossY);
        return begin < end - Ahead && begin > 0 ? (begin * direction, face) : (length, Face.None);
    }

    // At a face of the box along z the field jumps at a z that depends on the state: what the derivatives gain there.
    private void CrossFace(Face face, in TrackState state, double z, double direction, bool enters, ref StateJacobian jacobian)
    {
        if (face is Face.None or Face.AcrossZ || Unsafe.IsNullRef(ref jacobian))
        {
            return;
        }

        double inwards = enters ? Ahead * direction : -Ahead * direction;
        (double x, double y) = NystroemStep.Curvature(
            Field.Value(state.X + (state.Tx * inwards), state.Y + (state.Ty * inwards), z + inwards), Scale, state);
        double sign = enters ? -1 : 1;
        Vector512<double> shift = face == Face.AcrossX ? jacobian.X * (-sign / state.Tx)
            : jacobian.Y * (-sign / state.Ty);
        jacobian.Tx += shift * x;
        jacobian.Ty += shift * y;
    }

    private enum Face
    {
        None,
        AcrossX,
        AcrossY,
        AcrossZ,
    }
}

/// <summary>How a transport ended.</summary>
internal enum TransportStatus
{
    /// <summary>At the z that was asked for.</summary>
    Reached,

    /// <summary>The field turns the particle round before that z.</summary>
    TurnedBack,

    /// <summary>The steps became too small.</summary>
    TooManySteps,

    /// <summary>The state is no longer finite.</summary>
    NotFinite,
}
